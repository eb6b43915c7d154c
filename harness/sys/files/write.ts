import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  createWriteStream,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  type WriteStream,
  writeSync,
} from 'node:fs';
import { UnfitFile } from './unfit-file.ts';
import { closeFolder, codeOf, componentsOf, inFolderOf, type OpenFolder, openFolder, walk, within } from './walk.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR, O_WRONLY } = constants;

const privateFile = 0o600;
const privateFolder = 0o700;

export interface WriteOptions {
  /** The mode of the file, 0600 by default. */
  readonly mode?: number;
}

/** Throws UnfitFile if a folder belongs to another user, who could replace its files at any time. */
function assertOwn({ stats }: OpenFolder, path: string): void {
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user)
    throw new UnfitFile(
      `${path} belongs to user ${stats.uid}, but holdfast runs as user ${user}, so it does not write there. Run it as that user or copy the folder`,
    );
}

const noFolder = (where: string): Error => Object.assign(new Error(`there is no folder ${where}`), { code: 'ENOENT' });

function inExisting<T>(root: string, path: string, work: (folder: OpenFolder, name: string) => T): T {
  const done = inFolderOf(root, path, (folder, name) => ({ value: work(folder, name) }));
  if (!done) throw noFolder(`${root} for ${path}`);
  return done.value;
}

const inOwnFolder = <T>(root: string, path: string, work: (folder: OpenFolder, name: string) => T): T =>
  inExisting(root, path, (folder, name) => {
    assertOwn(folder, root);
    return work(folder, name);
  });

/** Writes all of it, or throws. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

/** Creates a file that must not exist yet. Undefined if the name is taken. */
function createFile(folder: OpenFolder, name: string, flags: number, mode: number): number | undefined {
  try {
    const fd = openSync(within(folder, name), flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    // The umask may have removed bits that are needed.
    fchmodSync(fd, mode);
    return fd;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/** Throws UnfitFile if the name is taken by anything but a regular file. */
function assertReplaceable(folder: OpenFolder, name: string, path: string): void {
  const there = lstatSync(within(folder, name), { throwIfNoEntry: false });
  if (there && !there.isFile())
    throw new UnfitFile(`${path} is not a regular file, so it is not overwritten. Remove it`);
}

/** Throws what `writeWhole` would throw, except for a full disk. Called before the work whose result is written there. */
export function assertWritable(root: string, path: string): void {
  inOwnFolder(root, path, (folder, name) => {
    assertReplaceable(folder, name, path);
    accessSync(within(folder, '.'), constants.W_OK);
  });
}

/**
 * Writes a file below `root`, whole or not at all: a new file beside it is renamed over its name. Throws UnfitFile if the
 * name is taken by anything but a regular file, if a folder on the way is a link, or if the folder is another user's.
 */
export function writeWhole(root: string, path: string, content: string | Uint8Array, options: WriteOptions = {}): void {
  inOwnFolder(root, path, (folder, name) => {
    assertReplaceable(folder, name, path);
    const partial = `.${name}.${randomBytes(6).toString('hex')}`;
    const fd = createFile(folder, partial, O_WRONLY, options.mode ?? privateFile);
    if (fd === undefined) throw new UnfitFile(`${partial} already exists`);
    try {
      try {
        writeAll(fd, typeof content === 'string' ? Buffer.from(content) : content);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(within(folder, partial), within(folder, name));
    } catch (error) {
      rmSync(within(folder, partial), { force: true });
      throw error;
    }
    syncFolder(folder);
  });
}

/** A new version of a file, written under another name. It replaces the file or is discarded. */
export interface Replacement {
  readonly stream: WriteStream;
  /** Replaces the file. Call it after the stream has ended. */
  keep(): void;
  /** Discards the new version, unless it was kept. */
  discard(): void;
}

/**
 * A large file below `root`, whole or not at all. The folder may be another user's, since root exports into users' homes:
 * the new file is exclusive, and its name random. Throws UnfitFile if the name is taken by anything but a regular file.
 */
export function startReplacement(root: string, path: string, options: WriteOptions = {}): Replacement {
  const suffix = randomBytes(6).toString('hex');
  const partial = (name: string) => `.${name}.${suffix}`;
  const fd = inExisting(root, path, (folder, name) => {
    assertReplaceable(folder, name, path);
    return createFile(folder, partial(name), O_WRONLY, options.mode ?? privateFile);
  });
  if (fd === undefined) throw new UnfitFile(`${path} cannot be written: a random name is taken`);
  return {
    stream: createWriteStream('', { fd, autoClose: true }),
    keep: () =>
      inExisting(root, path, (folder, name) => renameSync(within(folder, partial(name)), within(folder, name))),
    discard: () => inFolderOf(root, path, (folder, name) => rmSync(within(folder, partial(name)), { force: true })),
  };
}

/** A name survives a power failure only if its folder is synced too. Not every file system supports this. */
function syncFolder({ fd }: OpenFolder): void {
  try {
    fsyncSync(fd);
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error;
  }
}

/** A stream into a new file below `root`. Throws UnfitFile if the name is taken. */
export function createStream(root: string, path: string, options: WriteOptions = {}): WriteStream {
  const fd = inOwnFolder(root, path, (folder, name) =>
    createFile(folder, name, O_WRONLY | O_APPEND, options.mode ?? privateFile),
  );
  if (fd === undefined) throw new UnfitFile(`${path} already exists`);
  return createWriteStream('', { fd, autoClose: true });
}

/**
 * Opens a file of ours to append to it, and creates it if there is none. Throws UnfitFile for anything but a regular file
 * that only this user can write to. The caller closes the descriptor.
 */
export function openAppend(root: string, path: string, options: WriteOptions = {}): number {
  return inOwnFolder(root, path, (folder, name) => {
    const mode = options.mode ?? privateFile;
    const created = createFile(folder, name, O_RDWR | O_APPEND, mode);
    if (created !== undefined) {
      syncFolder(folder);
      return created;
    }
    const fd = openExisting(folder, name, path);
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.uid === (process.geteuid?.() ?? stats.uid) && stats.nlink === 1) return fd;
    closeSync(fd);
    throw new UnfitFile(`${path} is not a regular file of this user, so nothing is appended to it. Remove it`);
  });
}

function openExisting(folder: OpenFolder, name: string, path: string): number {
  try {
    return openSync(within(folder, name), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ELOOP' || codeOf(error) === 'ENXIO' || codeOf(error) === 'EISDIR')
      throw new UnfitFile(`${path} is not a regular file, so nothing is appended to it. Remove it`);
    throw error;
  }
}

/**
 * Creates the missing folders of `path` below `root`, which exists. Throws UnfitFile for a link and for a folder of
 * another user.
 */
export function makeFolders(root: string, path: string, options: WriteOptions = {}): void {
  const components = componentsOf(path);
  for (const index of components.keys()) {
    const parent = walk(root, components.slice(0, index).join('/'));
    if (!parent) throw noFolder(root);
    try {
      makeFolder(parent, components[index] ?? '', options);
    } finally {
      closeFolder(parent);
    }
  }
  const made = walk(root, path);
  if (!made) throw noFolder(root);
  try {
    assertOwn(made, path);
  } finally {
    closeFolder(made);
  }
}

function makeFolder(parent: OpenFolder, name: string, { mode = privateFolder }: WriteOptions): boolean {
  try {
    mkdirSync(within(parent, name), { mode });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Creates one folder below `root`. False if the name is taken. */
export function makeNewFolder(root: string, name: string, options: WriteOptions = {}): boolean {
  const made = inFolderOf(root, name, (parent, last) => makeFolder(parent, last, options));
  if (made === undefined) throw noFolder(root);
  return made;
}

/** Creates a folder with mode 0700 and its parents. An existing folder is not changed. */
export const makeMissingFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: privateFolder });
};

function ownFolderAt(path: string): OpenFolder {
  try {
    mkdirSync(path, { recursive: true, mode: privateFolder });
    return openFolder(path, O_NOFOLLOW);
  } catch (error) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new UnfitFile(`${path} is not a folder, but a link or a file. Replace it with a folder of this user`);
    throw error;
  }
}

/**
 * Creates a folder that only its owner can enter, and its parents. Removes the rights of other users from an existing
 * folder. Throws UnfitFile if it is a link or belongs to another user.
 */
export function makePrivateFolder(path: string): void {
  const folder = ownFolderAt(path);
  try {
    assertOwn(folder, path);
    if ((folder.stats.mode & 0o077) !== 0) fchmodSync(folder.fd, privateFolder);
  } finally {
    closeFolder(folder);
  }
}

/**
 * Atomically makes `path` a link to a name in the same folder. Throws UnfitFile if the name is taken by anything but a
 * link.
 */
export function pointLink(root: string, path: string, target: string): void {
  inFolderOf(root, path, (folder, name) => {
    const there = lstatSync(within(folder, name), { throwIfNoEntry: false });
    if (there && !there.isSymbolicLink())
      throw new UnfitFile(`${path} is not a link, so it is not replaced. Remove it`);
    const next = `.${name}.${randomBytes(6).toString('hex')}`;
    symlinkSync(target, within(folder, next));
    renameSync(within(folder, next), within(folder, name));
  });
}

/** Removes a file or a link below `root`. Has no effect if there is none. Throws UnfitFile for a folder. */
export function removeFile(root: string, path: string): void {
  inFolderOf(root, path, (folder, name) => {
    try {
      unlinkSync(within(folder, name));
    } catch (error) {
      if (codeOf(error) === 'EISDIR') throw new UnfitFile(`${path} is a folder, not a file. Remove it`);
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  });
}

/** Renames a file below `root` within its folder. */
export function renameFile(root: string, path: string, name: string): void {
  componentsOf(name);
  inOwnFolder(root, path, (folder, last) => renameSync(within(folder, last), within(folder, name)));
}

/** Removes a folder below `root` with its content. Links are removed, not followed. */
export function removeFolder(root: string, path: string): void {
  inFolderOf(root, path, (folder, name) => rmSync(within(folder, name), { recursive: true, force: true }));
}
