import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { printableJson } from '../../model/printable.ts';
import { UnfitFile } from './unfit-file.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** An open folder. The kernel resolves names in it, so no folder on the path can be replaced by a link. */
export interface OpenFolder {
  readonly fd: number;
  readonly stats: Stats;
}

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** `/proc/self/fd/N/name` is openat(2): only the last component is resolved by name (proc(5)). */
export const within = ({ fd }: Pick<OpenFolder, 'fd'>, name: string): string => `/proc/self/fd/${fd}/${name}`;

/** The components of a path below a root. Throws UnfitFile for a path that could lead outside it. */
export function componentsOf(path: string): string[] {
  const components = path.split('/').filter((component) => component !== '' && component !== '.');
  if (path.startsWith('/') || path.includes('\0') || components.includes('..'))
    throw new UnfitFile(`${printableJson(path)} points outside its folder`);
  return components;
}

export function openFolder(path: string, flags: number): OpenFolder {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | flags);
  return { fd, stats: fstatSync(fd) };
}

export const closeFolder = ({ fd }: OpenFolder): void => closeSync(fd);

/**
 * Opens the folder at `path` below `root`. The root is the caller's own and may be reached through links; below it no link
 * is followed. Undefined if a component does not exist; throws UnfitFile if one is not a folder.
 */
export function walk(root: string, path: string): OpenFolder | undefined {
  const components = componentsOf(path);
  try {
    let folder = openFolder(root || '/', 0);
    for (const name of components) {
      const parent = folder;
      try {
        folder = openFolder(within(parent, name), O_NOFOLLOW);
      } finally {
        closeFolder(parent);
      }
    }
    return folder;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP' || codeOf(error) === 'ENOTDIR')
      throw new UnfitFile('not a folder, but a link or a file');
    throw error;
  }
}

/**
 * Opens the parent folder of `path`, calls the function with it and the last component, and closes it. Undefined if
 * there is none.
 */
export function inFolderOf<T>(
  root: string,
  path: string,
  work: (folder: OpenFolder, name: string) => T,
): T | undefined {
  const components = componentsOf(path);
  const name = components.pop();
  if (name === undefined) throw new UnfitFile(`${printableJson(path)} names no file`);
  const folder = walk(root, components.join('/'));
  if (!folder) return undefined;
  try {
    return work(folder, name);
  } finally {
    closeFolder(folder);
  }
}
