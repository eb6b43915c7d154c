import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

/** A file of the kernel's, such as `/proc/stat`: only root decides what is there. Rejects if it cannot be read. */
export const readKernelFile = (path: `/proc/${string}` | `/sys/${string}` | `/boot/${string}`): Promise<string> =>
  readFile(path, 'utf8');

/** Sets a value of the kernel's. Rejects if it cannot be set. */
export const writeKernelFile = (path: `/proc/sys/${string}` | `/sys/${string}`, value: string): Promise<void> =>
  writeFile(path, value, { flag: 'r+' });

/** A file of our own checkout, by its address beside the module that reads it. */
export const readOwnFile = (url: URL): string => readFileSync(url, 'utf8');
