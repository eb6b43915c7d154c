import { ownCommand } from '../../harness/model/own-command.ts';
import { askEngine, describeEngine, shellFor } from '../docker/docker.ts';
import { installCommand, missingPrograms, packagesFor } from '../packages.ts';
import { engineFolder } from '../private-engine/engine-folder.ts';
import { askPrivateEngine } from '../private-engine/private-engine.ts';
import type { DoctorLine } from './line.ts';

export async function engine(): Promise<DoctorLine> {
  const name = 'engine';
  const answer = await askEngine({}, 5_000);
  if ('info' in answer) return { name, state: 'ok', detail: describeEngine(answer.info) };
  const own = await askPrivateEngine(engineFolder());
  if (own && 'info' in own) return { name, state: 'ok', detail: `${describeEngine(own.info)}, private` };
  if (process.getuid?.() === 0) {
    return {
      name,
      state: 'fixable',
      detail: 'no engine answers: a private one will be started',
      fix: `${ownCommand} cluster up`,
    };
  }
  const missing = await missingPrograms(['docker', 'dockerd']);
  if (missing.length > 0) {
    const fix = installCommand(packagesFor(missing, () => true));
    return { name, state: 'missing', detail: 'not installed', fix };
  }
  const { problem } = own ?? answer;
  const isForbidden = /permission denied/i.test(problem);
  const fix = isForbidden ? 'sudo usermod --append --groups docker "$USER"' : 'sudo systemctl start docker';
  return { name, state: 'missing', detail: problem, fix };
}

const versionOf = async (program: string, argument: string) => {
  const result = await shellFor()({ nothrow: true })`${program} ${argument}`;
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
};

export const node = async (): Promise<DoctorLine> => ({ name: 'Node', state: 'ok', detail: process.versions.node });

export async function git(): Promise<DoctorLine> {
  const version = (await versionOf('git', '--version'))?.replace('git version ', '');
  if (version) return { name: 'git', state: 'ok', detail: version };
  const detail = 'not installed: recordings cannot state the commit of holdfast';
  return { name: 'git', state: 'fixable', detail, fix: installCommand(['git']) };
}

/** Checks the packages that only the built image needs. */
export async function rootfsBuilder(): Promise<DoctorLine> {
  const name = 'mmdebstrap';
  const missing = await missingPrograms([name]);
  if (missing.length === 0) return { name, state: 'ok', detail: 'installed' };
  return { name, state: 'fixable', detail: 'the built image needs it', fix: installCommand([name]) };
}
