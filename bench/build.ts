/**
 * Measures a cold build of the lab, step by step. Everything is built in an empty cache (20 GB), which is removed
 * afterwards.
 * Usage: node bench/build.ts
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../harness/model/progress.ts';

const cache = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
process.env.XDG_CACHE_HOME = cache;
const { labBuild } = await import('../clusters/node-image/build.ts');

const steps: { readonly title: string; readonly seconds: number }[] = [];
const progress: Progress = {
  plan() {},
  note() {},
  now() {},
  async step(title, work) {
    const from = performance.now();
    const result = await work();
    steps.push({ title, seconds: (performance.now() - from) / 1000 });
    return result;
  },
};

console.log(`${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`);
try {
  await labBuild({ kubernetes: '1.37', install: false, progress });
  const all = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  for (const { title, seconds } of steps) {
    console.log(`${title}: ${seconds.toFixed(0)} s, ${((100 * seconds) / all).toFixed(0)} % of the build`);
  }
  console.log(`all: ${all.toFixed(0)} s`);
} finally {
  await rm(cache, { recursive: true, force: true });
}
