import { registerHooks } from 'node:module';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Experiment } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { exec } from '../sys/exec.ts';
import { asUsage } from '../sys/files/as-usage.ts';
import { isFile, listFolder } from '../sys/files/read.ts';
import { realPath } from '../sys/files/real-path.ts';
import { checkoutDir, ownModule } from '../sys/paths.ts';
import { checkExperiment } from './check-experiment.ts';

/** The endings of files that Node can import. */
const extensions = ['.ts', '.mts', '.js', '.mjs'];

/** Whether an argument is a path and not a name. */
export const isPath = (word: string): boolean =>
  /[/\\]/.test(word) || word === '.' || extensions.includes(extname(word));

const isExperimentFile = (name: string): boolean =>
  extensions.includes(extname(name)) && !/\.(test|d)\.[a-z]+$/.test(name);

const mostFiles = 1000;

/** The experiment files of a path: itself, or those of a folder, sorted. Throws `UsageError` if there is none. */
export function experimentFiles(path: string): string[] {
  const real = realPath(path);
  if (real === undefined) throw new UsageError(`${path}: no such file or folder`);
  if (isFile(dirname(real), basename(real))) {
    if (isExperimentFile(basename(real))) return [real];
    throw new UsageError(`${path}: the name of an experiment file must end in ${extensions.join(', ')}`);
  }
  const entries = asUsage(path, () => listFolder(real, '', { maxEntries: mostFiles })) ?? [];
  const files = entries.filter(({ kind, name }) => kind === 'file' && isExperimentFile(name));
  if (files.length === 0) throw new UsageError(`${path}: this folder contains no experiment`);
  return files.map(({ name }) => resolve(real, name));
}

/**
 * The modules that an experiment may import by name from any folder. They always belong to this holdfast, so that there
 * is only one copy.
 */
const ownModules: { readonly [specifier: string]: string } = {
  holdfast: ownModule('harness/index'),
  'holdfast/mocha': ownModule('harness/suite'),
};

let hooked = false;

/** Lets files outside the checkout import `holdfast`. */
function resolveOwnModules(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = Object.hasOwn(ownModules, specifier) ? ownModules[specifier] : undefined;
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
  });
}

/**
 * Imports and checks the experiment in a file. Throws `UsageError` with the place if the file cannot be imported,
 * exports no experiment, or exports one with another name than the file.
 */
export async function importExperiment(file: string): Promise<Experiment> {
  resolveOwnModules();
  const exported = await importFile(file);
  const at = shown(file);
  const experiment = exported.default;
  if (experiment === undefined)
    throw new UsageError(`${at}: no default export. An experiment file ends with: export default experiment({ … })`);
  inFile(at, () => checkExperiment(experiment));
  const { name } = experiment as Experiment;
  const expected = basename(file, extname(file));
  if (name !== expected)
    throw new UsageError(`${at}: the experiment is named ${name}. Name it after its file: ${expected}`);
  return experiment as Experiment;
}

/** Adds the name of the file to a usage error. */
function inFile<T>(at: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${at}: ${error.message}`) : error;
  }
}

async function importFile(file: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${shown(file)}: ${error.message}`);
    throw new UsageError(`${await placeOf(error, file)}: ${wordsOf(error)}`);
  }
}

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `it throws ${String(error)}`;
  return `${error.name}: ${error.message.split('\n')[0]}`;
};

/** The path as a user would type it in the current folder. */
function shown(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}

/** The place of an error, as `file:line` or `file:line:column`; only the file if nothing else is known. */
async function placeOf(error: unknown, file: string): Promise<string> {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const found = placeIn(stack) ?? (error instanceof SyntaxError ? placeIn(await syntaxErrors(file)) : undefined);
  return found ?? shown(file);
}

/** The first line of a stack that is in a file of the user. */
function placeIn(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, path, place] = /(?:^|\(|at |async )((?:file:\/\/)?\/[^():]+?):(\d+(?::\d+)?)\)?$/.exec(line) ?? [];
    if (path === undefined || place === undefined) continue;
    const real = path.startsWith('file:') ? fileURLToPath(path) : path;
    if (!isOurs(real)) return `${shown(real)}:${place}`;
  }
  return undefined;
}

const isOurs = (path: string): boolean =>
  path.startsWith(`${checkoutDir()}/harness/`) || path.includes('/node_modules/');

/**
 * The message of Node about the syntax of a file. For JavaScript, unlike TypeScript, an import does not report the
 * place.
 */
async function syntaxErrors(file: string): Promise<string> {
  try {
    await exec(process.execPath, ['--check', file], { timeoutMs: 10_000 });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
