/**
 * Measures what a lab cluster costs on this machine: to create one from a warm cache, to check an existing one, to
 * reset it and to remove it.
 * Usage: node bench/cluster.ts [resets]
 */
import { availableParallelism, totalmem } from 'node:os';
import { clusterDown } from '../clusters/cluster/down.ts';
import { clusterReset } from '../clusters/cluster/reset.ts';
import { clusterUp } from '../clusters/cluster/up.ts';
import type { Progress } from '../harness/model/progress.ts';

const name = 'bench';
const resets = Number(process.argv[2] ?? 5);
const quiet: Progress = { plan() {}, step: (_title, work) => work(), note() {}, now() {} };
const signal = new AbortController().signal;
const up = () =>
  clusterUp({
    name,
    image: 'built',
    kubernetes: '1.37',
    nodeTimings: 'fast',
    proxyMode: 'iptables',
    install: false,
    progress: quiet,
    signal,
  });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

console.log(`${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`);
const made = await timed(up);
const say = (what: string, took: number) =>
  console.log(`${what}: ${took.toFixed(1)} s, ${(took / made).toFixed(2)} of making it`);
say('make 1 + 4 nodes from a warm cache', made);
say('check one that is there', await timed(up));
const took: number[] = [];
for (let count = 0; count < resets; count++) {
  took.push(await timed(() => clusterReset(name, { progress: quiet, signal })));
}
say(`reset, median of ${resets}`, median(took));
say('remove', await timed(() => clusterDown(name, { progress: quiet, signal })));
