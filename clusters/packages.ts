import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Progress } from '../harness/model/progress.ts';
import { ask, canAsk } from '../harness/sys/terminal.ts';
import { shellFor, systemPath } from './docker/docker.ts';

/**
 * The Debian packages of the programs that the lab runs, the most likely first: newer releases have the docker client
 * in its own package.
 */
const packagesOf = {
  docker: ['docker-cli', 'docker.io'],
  dockerd: ['docker.io'],
  iptables: ['iptables'],
  ip: ['iproute2'],
  mmdebstrap: ['mmdebstrap'],
  zstd: ['zstd'],
  'docker-registry': ['docker-registry'],
} as const satisfies Record<string, readonly string[]>;

export type Program = keyof typeof packagesOf;

export interface InstallOptions {
  /** If false, missing packages are named but not installed. */
  readonly install: boolean;
  /** true: do not ask, even on a terminal. */
  readonly yes?: boolean | undefined;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

async function isInstalled(program: Program): Promise<boolean> {
  const tries = systemPath.split(delimiter).map((folder) => access(join(folder, program), constants.X_OK));
  return (await Promise.allSettled(tries)).some(({ status }) => status === 'fulfilled');
}

export async function missingPrograms(programs: readonly Program[]): Promise<Program[]> {
  const installed = await Promise.all(programs.map(isInstalled));
  return programs.filter((_, index) => !installed[index]);
}

/**
 * The packages that contain these programs, without duplicates. `known` tells which packages the package lists of this
 * machine have.
 */
export function packagesFor(programs: readonly Program[], known: (name: string) => boolean): string[] {
  const chosen = programs.map((program) => {
    const names: readonly string[] = packagesOf[program];
    return names.find(known) ?? names.at(-1) ?? program;
  });
  return [...new Set(chosen)];
}

/** The command that a user would type. */
export const installCommand = (packages: readonly string[]): string =>
  `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;

/**
 * Installs missing programs. Names the packages first. Throws if it must not or cannot install them, or if the user
 * declines.
 */
export async function ensurePrograms(programs: readonly Program[], options: InstallOptions): Promise<void> {
  const missing = await missingPrograms(programs);
  if (missing.length === 0) return;
  const { progress, signal } = options;
  const mayInstall = options.install && process.getuid?.() === 0 && (await hasApt());
  const packages = await choosePackages(missing, mayInstall, progress);
  if (!mayInstall) throw new Error(whatIsMissing(missing, packages, options.install, await hasApt()));
  progress.note(`Missing: ${missing.join(', ')}. These packages will be installed with apt-get: ${packages.join(' ')}`);
  if (!options.yes && canAsk() && !(await agreed(signal))) {
    throw new Error(`Nothing was installed. Install the packages: ${installCommand(packages)}`);
  }
  await progress.step('Install packages with apt-get', () =>
    aptGet(['install', '--yes', '--no-install-recommends', ...packages]),
  );
  signal?.throwIfAborted();
  const [still] = await missingPrograms(missing);
  if (still) throw new Error(`apt-get installed ${packages.join(' ')}, but there is still no program "${still}".`);
}

function whatIsMissing(missing: readonly Program[], packages: readonly string[], mayInstall: boolean, apt: boolean) {
  const start = `Missing: ${missing.join(', ')}.`;
  if (!apt) return `${start} This system has no apt-get. Install them with its package manager, then start again.`;
  const reason = mayInstall ? 'Only root can install them' : '--no-install forbids to install them';
  return `${start} ${reason}; run: ${installCommand(packages)}`;
}

const hasApt = async () => (await shellFor()({ nothrow: true })`apt-get --version`).exitCode === 0;

async function choosePackages(missing: readonly Program[], mayUpdate: boolean, progress: Progress): Promise<string[]> {
  const candidates = missing.flatMap((program): readonly string[] => packagesOf[program]);
  let known = await knownPackages(candidates);
  const complete = () => missing.every((program) => packagesOf[program].some((name) => known.has(name)));
  if (!complete() && mayUpdate) {
    await progress.step('Update the package lists', () => aptGet(['update']));
    known = await knownPackages(candidates);
  }
  return packagesFor(missing, (name) => known.has(name));
}

/** The packages among these that apt can install from its current lists. */
async function knownPackages(names: readonly string[]): Promise<Set<string>> {
  const result = await shellFor({ LC_ALL: 'C' })({ nothrow: true })`apt-cache policy ${names}`;
  return installable(result.stdout);
}

/** Reads `apt-cache policy`. */
export function installable(policy: string): Set<string> {
  const found = [...policy.matchAll(/^(\S+):\n(?: {2}.*\n)*? {2}Candidate: (?!\(none\))/gm)];
  return new Set(found.map(([, name]) => name ?? ''));
}

/** An interrupted package manager leaves a broken state, so no signal ends it. */
async function aptGet(args: readonly string[]) {
  const shell = shellFor({ DEBIAN_FRONTEND: 'noninteractive' });
  const result = await shell({ nothrow: true })`apt-get --option DPkg::Lock::Timeout=120 ${args}`;
  if (result.exitCode !== 0)
    throw new Error(`apt-get ${args[0]} failed: ${result.stderr.trim() || result.stdout.trim()}`);
}

async function agreed(signal: AbortSignal | undefined): Promise<boolean> {
  const answer = await ask('Install them? [Y/n]', signal);
  return answer !== undefined && /^(y(es)?)?$/i.test(answer);
}
