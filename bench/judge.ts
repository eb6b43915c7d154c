/**
 * Measures how fast a recording is judged and how much memory that takes, at several sizes. For comparison, a bare loop
 * of JSON.parse and `wc -l` read the same lines in the same run. They take turns, and the fastest of three counts,
 * because noise only adds time. Then the same is measured with a recording in which many requests fail.
 * Usage: node bench/judge.ts [rows …]   (default: 100000 1000000)
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { judgeArm } from '../harness/judge/judge.ts';
import { sealArm } from '../harness/recording/seal.ts';
import { exec } from '../harness/sys/exec.ts';
import { type LongArm, longArm } from '../harness/testing/worlds/long-arm.ts';
import { withFolder } from '../harness/testing/worlds/run-files.ts';

const sizes = process.argv.slice(2).map(Number);
const self = import.meta.filename;
const turns = 3;

interface Cost {
  readonly ms: number;
  readonly peakBytes: number;
}

/** Each way of reading runs in its own process, which reports its costs. */
const ways = {
  async judge(folder: string) {
    const { requests } = await judgeArm(folder);
    return requests.total;
  },
  async parse(folder: string) {
    let count = 0;
    for (const path of await filesOf(folder)) {
      let rest = '';
      for await (const chunk of createReadStream(path, { highWaterMark: 262_144, encoding: 'utf8' })) {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        if (path.endsWith('.ndjson')) for (const line of lines) JSON.parse(line);
        count += lines.length;
      }
    }
    return count;
  },
} as const satisfies { readonly [way: string]: (folder: string) => Promise<number> };
type Way = keyof typeof ways;

async function measureHere(way: Way, folder: string): Promise<void> {
  const started = performance.now();
  const count = await ways[way](folder);
  const ms = performance.now() - started;
  console.log(JSON.stringify({ ms, peakBytes: process.resourceUsage().maxRSS * 1024, count }));
}

async function apart(way: Way, folder: string): Promise<Cost> {
  const { stdout } = await exec(process.execPath, [self], { env: { BENCH_WAY: way, BENCH_FOLDER: folder } });
  return JSON.parse(stdout) as Cost;
}

/** One in this many requests fails: almost none, and enough that the memory for kept failures shows. */
const failing = { few: 1000, many: 10 } as const;

const inFolder = (rows: number, oneIn: number, use: (folder: string) => Promise<void>): Promise<void> => {
  const { files, streams } = longArm(rows, oneIn);
  return withFolder(files, async (folder) => {
    for (const [path, lines] of Object.entries(streams)) await write(join(folder, path), lines);
    await use(folder);
  });
};

async function compare(rows: number): Promise<void> {
  await inFolder(rows, failing.few, async (folder) => {
    const bytes = await sizeOf(folder);
    const costs = { judge: [] as Cost[], parse: [] as Cost[] };
    for (let turn = 0; turn < turns; turn++) {
      costs.judge.push(await apart('judge', folder));
      costs.parse.push(await apart('parse', folder));
    }
    const [judged, parsed] = [least(costs.judge), least(costs.parse)];
    const counted = await wordCount(folder);
    await sealArm(folder);
    const sealed = await sizeOf(folder);
    const perSecond = Math.round((rows / judged.ms) * 1000);
    console.log(
      `${rows.toLocaleString('en')} rows, ${megabytes(bytes)} MB, sealed ${megabytes(sealed)} MB: judged in ${seconds(judged.ms)} s, ${perSecond.toLocaleString('en')} rows/s, ${megabytes(judged.peakBytes)} MB at most`,
    );
    console.log(
      `  a loop of JSON.parse ${seconds(parsed.ms)} s: the judge takes ${(judged.ms / parsed.ms).toFixed(2)} times as long; wc -l ${seconds(counted)} s`,
    );
  });
  await inFolder(rows, failing.many, async (folder) => {
    const { ms, peakBytes } = await apart('judge', folder);
    console.log(
      `  where one in ${failing.many} failed: judged in ${seconds(ms)} s, ${megabytes(peakBytes)} MB at most`,
    );
  });
}

async function write(path: string, lines: LongArm['streams'][string]): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1_048_576 });
  for (const line of lines) {
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(ndjson|log)(\.gz)?$/.test(name))
    .map((name) => join(folder, name));

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all((await filesOf(folder)).map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function wordCount(folder: string): Promise<number> {
  const started = performance.now();
  await exec('wc', ['-l', ...(await filesOf(folder))]);
  return performance.now() - started;
}

/** The shortest time, and the largest memory. */
const least = (costs: readonly Cost[]): Cost => ({
  ms: Math.min(...costs.map(({ ms }) => ms)),
  peakBytes: Math.max(...costs.map(({ peakBytes }) => peakBytes)),
});

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

const { BENCH_WAY: way, BENCH_FOLDER: folder = '' } = process.env;
if (way !== undefined) await measureHere(way as Way, folder);
else for (const rows of sizes.length > 0 ? sizes : [100_000, 1_000_000]) await compare(rows);
