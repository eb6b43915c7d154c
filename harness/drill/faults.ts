import type { FaultSpec } from '../model/experiment.ts';
import { catalogue } from '../record/fault/catalogue.ts';
import type { Exercise } from './drill.ts';
import { type HoldfastOptions, holdfast, lastWords } from './holdfast.ts';

/** A fault as the drills try it: with parameters under which it lands soon, on a workload that it needs. */
export interface FaultSample {
  readonly id: string;
  readonly fault: FaultSpec;
  /** `--set` words. */
  readonly set: readonly string[];
}

const sample = (
  id: string,
  name: string,
  params: FaultSpec['params'] = {},
  set: readonly string[] = [],
): FaultSample => ({
  id,
  fault: { name, params },
  set,
});

/** Every fault of the catalogue at least once. */
export const faultSamples: readonly FaultSample[] = [
  sample('rollout', 'rollout'),
  sample('scale-up', 'scale', { replicas: 5 }),
  sample('scale-down', 'scale', { replicas: 1 }),
  sample('pod-delete', 'pod-delete'),
  sample('pod-delete-all', 'pod-delete', { count: 'all' }),
  sample('pod-force-delete', 'pod-force-delete'),
  sample('process-kill', 'process-kill'),
  sample('cordon', 'cordon', { nodes: { pick: 'most-replicas' } }),
  sample('drain', 'drain', { nodes: { pick: 'most-replicas' } }),
  sample('drain-several', 'drain', { nodes: { pick: 'with-replicas' }, retryMs: 1000 }, ['budget=minAvailable:2']),
  sample('drain-zone', 'drain', { nodes: { pick: 'zone' } }),
  sample('drain-refused', 'drain', { nodes: { pick: 'with-replicas' }, finishes: false, timeLimitMs: 8000 }, [
    'budget=minAvailable:3',
  ]),
  sample('node-kill', 'node-kill', { nodes: { pick: 'most-replicas' } }),
  sample('node-kill-zone', 'node-kill', { nodes: { pick: 'zone' } }),
  sample('node-stop', 'node-stop', { nodes: { pick: 'most-replicas' } }),
  sample('node-pause', 'node-pause', { nodes: { pick: 'most-replicas' } }),
  sample('node-restart', 'node-restart', { nodes: { pick: 'most-replicas' } }),
];

/** Faults that no sample tries. */
export const untried = (): string[] =>
  [...catalogue.keys()].filter((name) => !faultSamples.some(({ fault }) => fault.name === name));

export const injectArgs = ({ fault, set }: FaultSample): string[] => [
  'inject',
  fault.name,
  '--params',
  JSON.stringify(fault.params),
  '--no-traffic',
  ...['startDelay=1', ...set].flatMap((word) => ['--set', word]),
];

/** Each fault once: injected, seen to land, healed, and the cluster verified, which `inject` says by its exit code. */
export const faultExercises = (options: Omit<HoldfastOptions, 'signal'>): Exercise[] =>
  faultSamples.map((each) => ({
    id: each.id,
    async run(signal) {
      const done = await holdfast(injectArgs(each), { ...options, signal });
      const saw = done.stdout.split('\n', 1)[0] ?? '';
      if (done.exitCode === 0) return { saw };
      throw new Error(`exit ${done.exitCode ?? done.endedBy}: ${lastWords(done)}`);
    },
  }));
