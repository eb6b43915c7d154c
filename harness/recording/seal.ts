import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { whyUnfit } from '../sys/files/as-usage.ts';
import { chunksOf, type OpenFile, openFile, readStream, readText } from '../sys/files/read.ts';
import { createStream, removeFile, renameFile, writeWhole } from '../sys/files/write.ts';
import { ArmFolder } from './arm-folder.ts';
import { limits } from './limits.ts';
import { armFiles, isOfArm, streamKindOf } from './run-folder.ts';

/** Our own recordings are compressed regardless of their size. The judge reports what it does not read. */
const anySize = { maxBytes: Number.POSITIVE_INFINITY };

const isSealed = (file: string): boolean => file.endsWith('.gz');

/**
 * Compresses a file. The plain file is removed only after the compressed one is complete, so an interruption loses
 * nothing.
 */
async function compress(root: string, path: string): Promise<void> {
  const plain = readStream(root, path, anySize);
  if (!plain) return;
  const part = `${path}.gz.part`;
  removeFile(root, part);
  await pipeline(plain, createGzip(), createStream(root, part));
  renameFile(root, part, `${path.slice(path.lastIndexOf('/') + 1)}.gz`);
  removeFile(root, path);
}

async function sha256(file: OpenFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file)) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/**
 * Compresses the streams of the arm in the folder `path` below `root`, each into its own file, and lists the digests of
 * all its files. A second call has no effect. Other files are not touched.
 */
export async function sealArm(root: string, path = ''): Promise<void> {
  const own = () => {
    const arm = new ArmFolder(root, path);
    return { arm, files: arm.files().flatMap(({ path, kind }) => (kind === 'file' ? path : [])) };
  };
  const { arm, files } = own();
  for (const file of files) {
    if (file.endsWith('.gz.part')) removeFile(root, arm.pathOf(file));
    else if (streamKindOf(file) !== undefined && !isSealed(file)) await compress(root, arm.pathOf(file));
  }
  const lines: string[] = [];
  for (const file of own().files.filter(isOfArm)) {
    const opened = openFile(root, arm.pathOf(file), anySize);
    if (opened) lines.push(`${await sha256(opened)}  ${file}\n`);
  }
  writeWhole(root, arm.pathOf(armFiles.sums), lines.join(''));
}

const sumLine = /^([0-9a-f]{64}) {2}([\w./-]+)$/;

/** The listed digests of a sealed arm by file; undefined if the arm was not sealed. */
function listedSums(
  arm: ArmFolder,
): { readonly digests: ReadonlyMap<string, string>; readonly odd: number } | undefined {
  const text = readText(arm.root, arm.pathOf(armFiles.sums), { maxBytes: limits.sums });
  if (text === undefined) return undefined;
  const digests = new Map<string, string>();
  let odd = 0;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, digest, file] = sumLine.exec(line) ?? [];
    if (digest === undefined || file === undefined || file.split('/').includes('..') || digests.has(file)) odd += 1;
    // Files that are never read may have any content.
    else if (isOfArm(file)) digests.set(file, digest);
  }
  return { digests, odd };
}

/** How a file changed since the arm was sealed; undefined if it did not. */
async function changed(arm: ArmFolder, file: string, digest: string): Promise<string | undefined> {
  try {
    const opened = arm.open(file, isSealed(file) ? limits.sealed : limits.log);
    if (!opened) return 'removed since the arm was sealed';
    arm.take(opened.stats.size);
    return (await sha256(opened, arm.signal)) === digest ? undefined : 'changed since the arm was sealed';
  } catch (error) {
    arm.signal?.throwIfAborted();
    return whyUnfit(error) ?? 'changed since the arm was sealed';
  }
}

/** The files of a sealed arm that are missing, new or changed; empty if the arm was not sealed. */
export async function changedSinceSeal(arm: ArmFolder): Promise<{ file: string; what: string }[]> {
  let sums: ReturnType<typeof listedSums>;
  try {
    sums = listedSums(arm);
  } catch (error) {
    const what = whyUnfit(error);
    if (what === undefined) throw error;
    return [{ file: armFiles.sums, what }];
  }
  if (!sums) return [];
  const { digests, odd } = sums;
  const changes: { file: string; what: string }[] = [];
  if (odd > 0) changes.push({ file: armFiles.sums, what: 'a line is not a digest and a file name' });
  for (const [file, digest] of digests) {
    const what = await changed(arm, file, digest);
    if (what !== undefined) changes.push({ file, what });
  }
  for (const { path } of arm.files())
    if (isOfArm(path) && !digests.has(path)) changes.push({ file: path, what: 'added since the arm was sealed' });
  return changes;
}
