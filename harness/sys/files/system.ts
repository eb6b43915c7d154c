import { globSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';

type KernelPath = `/proc/${string}` | `/sys/${string}` | `/boot/${string}`;

/** Reads a file of the kernel, such as `/proc/stat`. Rejects if it cannot be read. */
export const readKernelFile = (path: KernelPath): Promise<string> => readFile(path, 'utf8');

/** Reads a binary file of the kernel, such as `/proc/config.gz`. Rejects if it cannot be read. */
export const readKernelBytes = (path: KernelPath): Promise<Buffer> => readFile(path);

/** The names of the folders in a folder of the kernel, such as `/sys/fs/cgroup`. Rejects if it cannot be read. */
export const kernelFoldersIn = async (path: `/sys/${string}`): Promise<string[]> =>
  (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);

/** Writes a value to a file of the kernel. Rejects if it cannot be set. */
export const writeKernelFile = (path: `/proc/sys/${string}` | `/sys/${string}`, value: string): Promise<void> =>
  writeFile(path, value, { flag: 'r+' });

/** Reads a file of our own checkout. Its address is relative to the module that reads it. */
export const readOwnFile = (url: URL): string => readFileSync(url, 'utf8');

/** The files of our own checkout that match a pattern, as sorted paths below `folder`. */
export const findOwnFiles = (folder: string, pattern: string): string[] => globSync(pattern, { cwd: folder }).sort();

/** The names in a folder of our own checkout, sorted. */
export const listOwnFolder = (url: URL): string[] => readdirSync(url).sort();
