import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { filesBelow, openEvidence, readEvidence } from './evidence-file.ts';
import { armFiles, isStream } from './run-folder.ts';

const capBytes = 8 * 1024 ** 3;

/** Compresses one file; the plain one goes only when the sealed one is whole, so that a cut seal loses nothing. */
async function compress(path: string): Promise<void> {
  const part = `${path}.gz.part`;
  await pipeline(createReadStream(path), createGzip(), createWriteStream(part));
  await rename(part, `${path}.gz`);
  await rm(path);
}

async function sha256(path: string): Promise<string | undefined> {
  const handle = await openEvidence(path, capBytes);
  if (!handle) return undefined;
  const hash = createHash('sha256');
  await pipeline(handle.createReadStream(), hash);
  return hash.digest('hex');
}

/** Compresses an arm's streams, each by itself, and lists the digests of all its files. Twice is the same as once. */
export async function sealArm(folder: string): Promise<void> {
  for (const file of await filesBelow(folder)) {
    if (isStream(file)) await compress(join(folder, file));
    else if (file.endsWith('.gz.part')) await rm(join(folder, file));
  }
  const lines: string[] = [];
  for (const file of await filesBelow(folder)) {
    if (file !== armFiles.sums) lines.push(`${await sha256(join(folder, file))}  ${file}\n`);
  }
  await writeFile(join(folder, armFiles.sums), lines.join(''));
}

const sumLine = /^([0-9a-f]{64}) {2}([\w./-]+)$/;

/** The files of a sealed arm that are gone, new or changed; none for an arm that was not sealed. */
export async function changedSinceSeal(folder: string): Promise<{ file: string; what: string }[]> {
  const sums = await readEvidence(join(folder, armFiles.sums), 16 * 1024 ** 2);
  if (sums === undefined) return [];
  const changed: { file: string; what: string }[] = [];
  const listed = new Set<string>([armFiles.sums]);
  for (const line of sums.split('\n').filter((text) => text !== '')) {
    const [, digest, file] = sumLine.exec(line) ?? [];
    if (file === undefined || file.split('/').includes('..')) {
      changed.push({ file: armFiles.sums, what: 'a line that is no digest and name' });
      continue;
    }
    listed.add(file);
    const now = await sha256(join(folder, file)).catch(() => 'unreadable');
    if (now === undefined) changed.push({ file, what: 'gone since the arm was sealed' });
    else if (now !== digest) changed.push({ file, what: 'changed since the arm was sealed' });
  }
  for (const entry of await readdir(folder)) {
    const isNew = (isStream(entry) || entry.endsWith('.ndjson.gz')) && !listed.has(entry);
    if (isNew) changed.push({ file: entry, what: 'added since the arm was sealed' });
  }
  return changed;
}
