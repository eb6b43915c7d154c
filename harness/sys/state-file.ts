import type { ZodType } from 'zod';
import { type ReadLimits, readText } from './files/read.ts';
import { UnfitFile } from './files/unfit-file.ts';
import { makeFolders, makePrivateFolder, writeWhole } from './files/write.ts';
import { stateDir } from './paths.ts';

const maxBytes = 1 << 20;

/** `components` is a path below the state folder. */
export const statePath = (...components: string[]): string => [stateDir(), ...components].join('/');

/** Creates the state folder and a folder below it with mode 0700. Returns the path of the latter. */
export function makeStateFolder(...components: string[]): string {
  makePrivateFolder(stateDir());
  makeFolders(stateDir(), components.join('/'));
  const path = statePath(...components);
  makePrivateFolder(path);
  return path;
}

/** Like `readJson`, below the state folder. */
export const readState = <T>(path: string, schema: ZodType<T>, limits?: ReadLimits): T | undefined =>
  readJson(stateDir(), path, schema, limits);

/**
 * Reads a JSON file below `root`, of at most 1 MiB by default. Undefined if there is none. Throws UnfitFile for a file that
 * cannot be read safely, that is no JSON, or that the schema refuses.
 */
export function readJson<T>(
  root: string,
  path: string,
  schema: ZodType<T>,
  limits: ReadLimits = { maxBytes },
): T | undefined {
  const text = readText(root, path, limits);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // zod quotes unknown keys, which may be long and hold anything.
  const words = (issue?.message ?? 'unfit').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
  const place = issue?.path
    .map(String)
    .join('.')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 200);
  throw new UnfitFile(place ? `${place}: ${words}` : words);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the file, so it is not used.
    throw new UnfitFile('not JSON');
  }
}

/** Writes a JSON file below the state folder, completely or not at all, readable only by this user. */
export function writeState(path: string, value: object): void {
  const folders = path.split('/').slice(0, -1);
  makeStateFolder(...folders);
  writeWhole(stateDir(), path, `${JSON.stringify(value, null, 2)}\n`);
}
