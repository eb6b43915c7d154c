import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A file of the kernel's, such as `/proc/stat`: only root decides what is there. Rejects if it cannot be read. */
export const readKernelFile = (path: `/proc/${string}` | `/sys/${string}` | `/boot/${string}`): Promise<string> =>
  readFile(path, 'utf8');

/** A file of our own checkout, by its address beside the module that reads it. */
export const readOwnFile = (url: URL): string => readFileSync(url, 'utf8');

/** The names in a folder of our own checkout, sorted. */
export const listOwnFolder = (url: URL): string[] => readdirSync(url).sort();
