import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** A file that is not what a recording may hold: a link, a device, something far too large. */
export class UnfitFile extends Error {
  override name = 'UnfitFile';
}

/** Opens a regular file, never through a link. Undefined where there is none; throws UnfitFile for anything else. */
export async function openEvidence(path: string, capBytes: number): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    // Non-blocking, or a pipe in a file's place would hold the reader up for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw new UnfitFile('a link, not a regular file');
    if (code === 'ENXIO') throw new UnfitFile('not a regular file');
    throw error;
  }
  const stats = await handle.stat();
  const unfit = !stats.isFile()
    ? 'not a regular file'
    : stats.size > capBytes
      ? `${stats.size} bytes, more than the ${capBytes} that are read`
      : undefined;
  if (unfit === undefined) return handle;
  await handle.close();
  throw new UnfitFile(unfit);
}

/** Reads a small file whole. Undefined where there is none. */
export async function readEvidence(path: string, capBytes: number): Promise<string | undefined> {
  const handle = await openEvidence(path, capBytes);
  try {
    return await handle?.readFile('utf8');
  } finally {
    await handle?.close();
  }
}

/** Names in a real folder, sorted; none where there is no folder. Throws UnfitFile for a link. */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    if (!(await lstat(folder)).isDirectory()) throw new UnfitFile('not a folder');
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The regular files below a folder, as sorted paths relative to it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
