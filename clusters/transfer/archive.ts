import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { artefactsDir } from '../cache.ts';
import { shellFor } from '../engine/docker.ts';
import { reason } from '../reason.ts';
import { describeArtefacts, digests, type Manifest, parseManifest } from './manifest.ts';

/** Writes artefacts, named as in the cache, into one archive: a tar file behind zstd, its manifest first. `file` appears only when it is whole. */
export async function packArtefacts(folders: readonly string[], file: string, signal?: AbortSignal): Promise<void> {
  const manifestFolder = join(artefactsDir(), `.partial-${process.pid}-export`);
  const partial = `${file}.${process.pid}.partial`;
  const output = createWriteStream(partial);
  try {
    await once(output, 'ready');
    await mkdir(manifestFolder, { recursive: true });
    const manifest = await describeArtefacts(artefactsDir(), folders);
    await writeFile(join(manifestFolder, 'manifest.json'), JSON.stringify(manifest));
    const inputs = ['manifest.json', `--directory=${artefactsDir()}`, ...folders];
    const tar = shellFor(
      {},
      signal,
    )`tar --create --owner=0 --group=0 --numeric-owner --directory=${manifestFolder} ${inputs}`;
    await Promise.all([tar, pipeline(tar.stdout, createZstdCompress(), output, signalOption(signal))]);
    await rename(partial, file);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`Nothing was exported to ${file}: ${reason(error)}`, { cause: error });
  } finally {
    output.destroy();
    await rm(partial, { force: true });
    await rm(manifestFolder, { recursive: true, force: true });
  }
}

/**
 * Takes an archive's artefacts into the cache: all of them, checked against their digests and against `accept`, or none.
 * Throws with what is wrong with the archive.
 */
export async function unpackArtefacts(
  file: string,
  accept: (manifest: Manifest) => void,
  signal?: AbortSignal,
): Promise<void> {
  const unpacked = join(artefactsDir(), `.partial-${process.pid}-import`);
  await mkdir(unpacked, { recursive: true });
  try {
    await extract(file, unpacked, signal);
    const manifest = parseManifest(await readFile(join(unpacked, 'manifest.json'), 'utf8'));
    accept(manifest);
    await rm(join(unpacked, 'manifest.json'));
    await compare(manifest, unpacked);
    for (const folder of Object.keys(manifest.artefacts)) {
      const place = join(artefactsDir(), folder);
      if (!existsSync(place)) await rename(join(unpacked, folder), place);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`Nothing was imported from ${file}: ${reason(error)}`, { cause: error });
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

async function extract(file: string, into: string, signal?: AbortSignal) {
  const tar = shellFor({}, signal)({ nothrow: true })`tar --extract --no-same-owner --directory=${into}`;
  const reading = pipeline(createReadStream(file), createZstdDecompress(), tar.stdin, signalOption(signal));
  const [said, read] = await Promise.allSettled([tar, reading]);
  if (read.status === 'rejected' && !tarReadEnough(read.reason)) {
    throw new Error(whyUnreadable(read.reason), { cause: read.reason });
  }
  if (said.status === 'rejected') throw said.reason;
  if (said.value.exitCode === 0) return;
  const words = said.value.stderr.trim();
  // Not every Node tells a cut zstd stream; tar does.
  if (/Unexpected EOF|not look like a tar archive/.test(words)) throw new Error(unfit);
  throw new Error(`it cannot be unpacked (is the disk full?): ${words}`);
}

const unfit = 'it is cut off, damaged, or not an archive that "holdfast lab export" made';

/** tar may hang up at the archive's end mark, before the padding behind it. */
const tarReadEnough = ({ code = '' }: NodeJS.ErrnoException) =>
  ['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code);

function whyUnreadable(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file';
  if (['EACCES', 'EISDIR', 'ENOSPC'].includes(error.code ?? '')) return error.message;
  return unfit;
}

async function compare(manifest: Manifest, unpacked: string) {
  const promised = new Map<string, string>();
  for (const [folder, files] of Object.entries(manifest.artefacts)) {
    for (const [path, digest] of Object.entries(files)) promised.set(`${folder}/${path}`, digest);
  }
  const found = new Map(Object.entries(await digests(unpacked)));
  for (const [path, digest] of promised) {
    if (!found.has(path)) throw new Error(`${path} is missing from it`);
    if (found.get(path) !== digest) throw new Error(`${path} was altered`);
  }
  const stranger = [...found.keys()].find((path) => !promised.has(path));
  if (stranger !== undefined) throw new Error(`${stranger} is not in its manifest`);
}

const signalOption = (signal?: AbortSignal) => (signal ? { signal } : {});
