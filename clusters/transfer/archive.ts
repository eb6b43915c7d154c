import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, realpath, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { reason } from '../../harness/model/reason.ts';
import { openFile, streamOf } from '../../harness/sys/files/read.ts';
import {
  createStream,
  makeFolders,
  makeNewFolder,
  removeFolder,
  startReplacement,
  writeWhole,
} from '../../harness/sys/files/write.ts';
import { artefactsDir } from '../cache.ts';
import {
  type ArchivedFile,
  describeArtefacts,
  foldersOf,
  type Manifest,
  manifestLimits,
  parseManifest,
  totalBytes,
} from './manifest.ts';
import { EndsEarly, readMembers, startTar, unfit } from './tar.ts';

const manifestName = 'manifest.json';
/**
 * The size of headers and padding for the manifest and a member, in bytes, with a reserve for other releases of tar.
 */
const headBytes = 1024 * 1024;
const memberBytes = 4096;

/**
 * Writes artefacts into one archive: a tar file compressed with zstd, with the manifest first. `file` appears only when
 * it is complete.
 */
export async function packArtefacts(folders: readonly string[], file: string, signal?: AbortSignal): Promise<void> {
  const path = resolve(file);
  try {
    // Other users may read it, because it holds no private data.
    const archive = startReplacement(dirname(path), basename(path), { mode: 0o644 });
    try {
      await inPartialFolder('export', async (folder) => {
        const manifest = await describeArtefacts(artefactsDir(), folders, signal);
        writeWhole(folder, manifestName, JSON.stringify(manifest));
        const paths = manifest.files.map((each) => each.path);
        const places = [`--directory=${folder}`, manifestName, `--directory=${artefactsDir()}`, ...paths];
        const tar = startTar(['--create', '--owner=0', '--group=0', '--numeric-owner', ...places]);
        tar.stdin.end();
        const writing = pipeline(tar.stdout, createZstdCompress(), archive.stream, signalOption(signal)).catch(
          (error) => {
            tar.kill();
            throw error;
          },
        );
        const [{ exitCode, words }] = await Promise.all([tar.ended, writing]);
        if (exitCode !== 0) throw new Error(`tar failed: ${words}`);
        archive.keep();
      });
    } finally {
      archive.stream.destroy();
      archive.discard();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`Nothing was exported to ${file}: ${reason(error)}`, { cause: error });
  }
}

/**
 * Copies the artefacts of an archive into the cache: either all of them, after checking their digests and `accept`, or
 * none. Only files in the manifest are read. Throws with the problem of the archive.
 */
export async function unpackArtefacts(
  file: string,
  accept: (manifest: Manifest) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const path = await realpath(file).catch((error) => {
      throw new Error('there is no such file', { cause: error });
    });
    const manifest = await readManifest(path, signal);
    accept(manifest);
    await inPartialFolder('import', async (unpacked) => {
      await unpack(path, manifest, unpacked, signal);
      for (const folder of foldersOf(manifest)) {
        const place = join(artefactsDir(), folder);
        if (!existsSync(place)) await rename(join(unpacked, folder), place);
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`Nothing was imported from ${file}: ${reason(error)}`, { cause: error });
  }
}

/** A folder beside the artefacts that is removed after the work. */
async function inPartialFolder<T>(purpose: string, work: (folder: string) => Promise<T>): Promise<T> {
  const name = `.partial-${process.pid}-${purpose}`;
  await mkdir(artefactsDir(), { recursive: true });
  // A killed process with the same pid may have left it.
  removeFolder(artefactsDir(), name);
  if (!makeNewFolder(artefactsDir(), name)) throw new Error(`${join(artefactsDir(), name)} already exists`);
  try {
    return await work(join(artefactsDir(), name));
  } finally {
    removeFolder(artefactsDir(), name);
  }
}

function openArchive(path: string): Readable {
  const file = openFile(dirname(path), basename(path), { maxBytes: manifestLimits.maxTotalBytes });
  if (!file) throw new Error('there is no such file');
  return streamOf(file);
}

async function readManifest(path: string, signal?: AbortSignal): Promise<Manifest> {
  const limits = { maxBytes: headBytes, tooLarge: `${unfit}: its manifest is not at its beginning`, firstOnly: true };
  const text = await readMembers(openArchive(path), [manifestName], { ...limits, signal }, async (bytes) => {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of bytes) {
      length += chunk.length;
      if (length > manifestLimits.maxBytes)
        throw new Error(`its manifest has more than ${manifestLimits.maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  });
  return parseManifest(text);
}

async function unpack(path: string, manifest: Manifest, into: string, signal?: AbortSignal): Promise<void> {
  const { files } = manifest;
  const maxBytes = headBytes + totalBytes(manifest) + files.length * memberBytes;
  const limits = { maxBytes, tooLarge: 'it unpacks to more bytes than its manifest says', signal };
  const paths = files.map((each) => each.path);
  await readMembers(openArchive(path), paths, limits, async (bytes) => {
    const reader = new Reader(bytes);
    for (const file of files) await writeFile(file, reader, into);
    if (!(await reader.isAtEnd())) throw new Error('it holds more than its manifest says');
  });
}

async function writeFile({ path, bytes, sha256, executable }: ArchivedFile, reader: Reader, into: string) {
  makeFolders(into, dirname(path));
  const hash = createHash('sha256');
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const output = createStream(into, path, { mode: executable ? 0o700 : 0o600 });
  await pipeline(reader.take(bytes), hashed, output);
  if (hash.digest('hex') !== sha256)
    throw new Error(`${path} was changed, or is in another place than its manifest says`);
}

/** Reads a stream piece by piece. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return true;
      this.#rest = next.value;
    }
    return false;
  }

  async *take(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (await this.isAtEnd()) throw new EndsEarly('it holds less than its manifest says');
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

const signalOption = (signal?: AbortSignal) => (signal ? { signal } : {});
