import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  type ReadStream,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UnfitFile } from './unfit-file.ts';
import { closeFolder, codeOf, inFolderOf, walk, within } from './walk.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

export interface ReadLimits {
  /** A larger file is refused. */
  readonly maxBytes: number;
}

/** A regular file that is open for reading. The caller closes it. */
export interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
}

/**
 * Opens a regular file below `root` without following links and without waiting for a pipe's other end. Undefined if
 * there is none; throws UnfitFile for anything else, and for a file that is too large.
 */
export function openFile(root: string, path: string, { maxBytes }: ReadLimits): OpenFile | undefined {
  return inFolderOf(root, path, (folder, name) => {
    let fd: number;
    try {
      fd = openSync(within(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      if (codeOf(error) === 'ELOOP') throw new UnfitFile('a link, not a regular file');
      // A socket, or a device without a driver.
      if (codeOf(error) === 'ENXIO') throw new UnfitFile('not a regular file');
      throw error;
    }
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.size <= maxBytes) return { fd, stats };
    closeSync(fd);
    throw new UnfitFile(
      stats.isFile() ? `${stats.size} bytes, more than the limit of ${maxBytes}` : 'not a regular file',
    );
  });
}

/** Reads at most `length` bytes from `position` on. */
export const readBytes = (file: OpenFile, position: number, length: number): Buffer =>
  readInto(Buffer.allocUnsafe(length), file, position);

/** Fills a buffer from `position` on. Returns the part of it that was read. */
function readInto(buffer: Buffer, { fd }: OpenFile, position: number): Buffer {
  let read = 0;
  while (read < buffer.length) {
    const count = readSync(fd, buffer, read, buffer.length - read, position + read);
    if (count === 0) break;
    read += count;
  }
  return buffer.subarray(0, read);
}

export const closeFile = ({ fd }: Pick<OpenFile, 'fd'>): void => closeSync(fd);

/** Reads a small file whole. Undefined if there is none; throws UnfitFile as `openFile` does. */
export function readWhole(root: string, path: string, limits: ReadLimits): Buffer | undefined {
  const file = openFile(root, path, limits);
  if (!file) return undefined;
  try {
    // A file that grows while it is read is read up to the limit.
    return readBytes(file, 0, Math.min(limits.maxBytes, file.stats.size + 1));
  } finally {
    closeFile(file);
  }
}

/** Reads a small file as text. Undefined if there is none; throws UnfitFile as `openFile` does. */
export const readText = (root: string, path: string, limits: ReadLimits): string | undefined =>
  readWhole(root, path, limits)?.toString('utf8');

/** Reads a file as a stream that closes it, never past the size that it had when it was opened. */
export function readStream(root: string, path: string, limits: ReadLimits): ReadStream | undefined {
  const file = openFile(root, path, limits);
  return file && streamOf(file);
}

const chunkBytes = 256 * 1024;

/** The bytes of an open file; the stream closes it. */
export function streamOf({ fd, stats }: OpenFile): ReadStream {
  // `end` counts from 0 and belongs to the range, so an empty file has none: it is read to its end.
  const range = stats.size > 0 ? { start: 0, end: stats.size - 1 } : {};
  return createReadStream('', { fd, autoClose: true, highWaterMark: chunkBytes, ...range });
}

/** In ms. After this time reading lets other work run, such as the handler of a signal. */
const atOnce = 50;

/**
 * The bytes of an open file in chunks, up to the size that it had when it was opened. Closes it at the end. Costs much
 * less than a stream for many small files. Long work on a chunk blocks the process. All chunks share one buffer: each is
 * valid until the next one is taken.
 */
export async function* chunksOf(file: OpenFile): AsyncGenerator<Buffer> {
  const { size } = file.stats;
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size));
  let last = performance.now();
  try {
    for (let position = 0; position < size; ) {
      if (performance.now() - last >= atOnce) {
        await setImmediate();
        last = performance.now();
      }
      const chunk = readInto(buffer.subarray(0, size - position), file, position);
      // The file was truncated in the meantime.
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
    }
  } finally {
    closeFile(file);
  }
}

/** The target of a link below `root`. Undefined if there is no link. */
export const readLink = (root: string, path: string): string | undefined =>
  inFolderOf(root, path, (folder, name) =>
    lstatSync(within(folder, name), { throwIfNoEntry: false })?.isSymbolicLink()
      ? readlinkSync(within(folder, name))
      : undefined,
  );

export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** In bytes. */
  readonly size: number;
}

/**
 * The entries of a folder below `root`, sorted by name. Undefined if there is none; throws UnfitFile for more than
 * `maxEntries`.
 */
export function listFolder(
  root: string,
  path: string,
  { maxEntries }: { readonly maxEntries: number },
): Entry[] | undefined {
  const folder = walk(root, path);
  if (!folder) return undefined;
  try {
    const entries: Entry[] = [];
    const listing = opendirSync(within(folder, '.'));
    try {
      for (let next = listing.readSync(); next; next = listing.readSync()) {
        if (entries.length === maxEntries) throw new UnfitFile(`more than ${maxEntries} files`);
        const stats = lstatSync(within(folder, next.name), { throwIfNoEntry: false });
        // It was removed while the folder was listed.
        if (!stats) continue;
        const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
        entries.push({ name: next.name, kind, size: stats.size });
      }
    } finally {
      listing.closeSync();
    }
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } finally {
    closeFolder(folder);
  }
}

/**
 * Reads a file that the user named, such as a kubeconfig. Its path may contain links of the user. Undefined if there is
 * none; throws UnfitFile as `openFile` does.
 */
export function readUserFile(path: string, limits: ReadLimits): string | undefined {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  return readText(dirname(real), basename(real), limits);
}

/** Whether there is a regular file below `root`. */
export const isFile = (root: string, path: string): boolean =>
  inFolderOf(root, path, (folder, name) => lstatSync(within(folder, name), { throwIfNoEntry: false })?.isFile()) ??
  false;
