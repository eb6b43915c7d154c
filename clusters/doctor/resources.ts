import { readdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { readKernelFile } from '../../harness/sys/files/system.ts';
import { cacheDir, stateDir } from '../../harness/sys/paths.ts';
import { artefactsDir } from '../cache.ts';
import type { DoctorLine } from './line.ts';

const GB = 1e9;
const inGB = (bytes: number) => `${Math.floor(bytes / GB)} GB`;

/** The measured disk use of the caches of the lab, its images and a cluster of five nodes. */
const fullBuildBytes = 20 * GB;
const cachedBytes = 8 * GB;

export function judgeDisk(folder: string, free: number, needed: number): DoctorLine {
  const detail = `${inGB(free)} free for ${folder}`;
  if (free >= needed) return { name: 'disk', state: 'ok', detail };
  const wayOut = 'set XDG_CACHE_HOME and XDG_STATE_HOME to a larger disk';
  return { name: 'disk', state: 'missing', detail: `${detail}; ${inGB(needed)} are needed: ${wayOut}` };
}

/** One line for each file system that holds folders of the lab. */
export async function disk(): Promise<DoctorLine[]> {
  const isBuilt = (await readdir(artefactsDir()).catch(() => [])).some((name) => /^node-\d/.test(name));
  const needed = isBuilt ? cachedBytes : fullBuildBytes;
  const byDevice = new Map<number, { folder: string; free: number }>();
  for (const folder of [stateDir(), cacheDir()]) {
    const there = await nearestExisting(folder);
    const { bavail, bsize } = await statfs(there);
    byDevice.set((await stat(there)).dev, { folder, free: bavail * bsize });
  }
  return [...byDevice.values()].map(({ folder, free }) => judgeDisk(folder, free, needed));
}

const nearestExisting = (folder: string): Promise<string> =>
  stat(folder).then(
    () => folder,
    () => nearestExisting(dirname(folder)),
  );

const neededMemory = 4 * GB;

/** From the text of /proc/meminfo, in kB. */
export function judgeMemory(meminfo: string): DoctorLine {
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1]) * 1024;
  const state = available >= neededMemory ? 'ok' : 'missing';
  const ending = state === 'ok' ? '' : `; ${inGB(neededMemory)} are needed`;
  return { name: 'memory', state, detail: `${inGB(available)} available${ending}` };
}

export const memory = async (): Promise<DoctorLine> => judgeMemory(await readKernelFile('/proc/meminfo'));

export function judgeCores(count: number): DoctorLine {
  if (count >= 2) return { name: 'cores', state: 'ok', detail: String(count) };
  return { name: 'cores', state: 'missing', detail: `${count}; 2 are needed for the cluster and its traffic` };
}

export const cores = async (): Promise<DoctorLine> => judgeCores(availableParallelism());

const neededOpenFiles = 8192;

/** From the text of /proc/self/limits. */
export function judgeOpenFiles(limits: string): DoctorLine {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? '0';
  const name = 'open files';
  if (hard === 'unlimited' || Number(hard) >= neededOpenFiles) return { name, state: 'ok', detail: `at most ${hard}` };
  return { name, state: 'fixable', detail: `at most ${hard}`, fix: `ulimit -n ${neededOpenFiles}` };
}

export const openFiles = async (): Promise<DoctorLine> => judgeOpenFiles(await readKernelFile('/proc/self/limits'));

/** The API server of the cluster gets any free port of the loopback address. */
export async function ports(): Promise<DoctorLine> {
  const { promise, resolve } = Promise.withResolvers<DoctorLine>();
  const server = createServer();
  server.once('error', ({ message }) => resolve({ name: 'ports', state: 'missing', detail: `127.0.0.1: ${message}` }));
  server.listen(0, '127.0.0.1', () => {
    server.close(() => resolve({ name: 'ports', state: 'ok', detail: '127.0.0.1 has free ports' }));
  });
  return promise;
}
