import type { FaultSpec } from '../../model/experiment.ts';
import { catalogue } from '../../record/fault/catalogue.ts';
import type { Exercise } from './drill.ts';
import { type HoldfastOptions, holdfast } from './holdfast.ts';
import { endInWords, landingsInWords, wasSkipped } from './output.ts';

/** A fault with parameters under which it lands soon, on a workload that supports it. */
export interface FaultSample {
  readonly id: string;
  /** Faults that run one after another. The last one is tested, and the others are its prerequisites. */
  readonly faults: readonly [FaultSpec, ...FaultSpec[]];
  /** Values of `--set`. */
  readonly set: readonly string[];
  /** Whether there is traffic, whose recording must be complete. */
  readonly traffic?: true;
}

type Params = FaultSpec['params'];

const sample = (id: string, name: string, params: Params = {}, set: readonly string[] = []): FaultSample => ({
  id,
  faults: [{ name, params }],
  set,
});

const fullest: Params = { nodes: { pick: 'most-replicas' } };
const holding: Params = { nodes: { pick: 'with-replicas' } };
const zone: Params = { nodes: { pick: 'zone' } };

/** The example in each fault's own file. */
const examples: readonly FaultSample[] = [...catalogue.values()].map(({ name, example }) => {
  const fault = { name, params: example.params as Params };
  return { id: name, faults: example.after ? [example.after, fault] : [fault], set: example.set ?? [] };
});

/** The examples of all faults, and more samples of some. */
export const faultSamples: readonly FaultSample[] = [
  ...examples,
  sample('rollout-stuck', 'rollout', { finishes: false, timeLimitMs: 5000 }, ['replicas=4', 'antiAffinity=required']),
  sample('bad-version-unprobed', 'bad-version', {}, ['readiness=off']),
  sample('scale-down', 'scale', { replicas: 1 }),
  sample('scale-pending', 'scale', { replicas: 5, pending: true }, ['replicas=4', 'antiAffinity=required']),
  sample('pod-delete-all', 'pod-delete', { count: 'all' }),
  sample('evict-refused', 'evict', { finishes: false, timeLimitMs: 8000 }, ['budget=minAvailable:3']),
  sample('drain-several', 'drain', { ...holding, retryMs: 1000 }, ['budget=minAvailable:2']),
  sample('drain-zone', 'drain', zone),
  sample('drain-rack', 'drain', { nodes: { pick: 'rack' } }),
  sample('drain-refused', 'drain', { ...holding, finishes: false, timeLimitMs: 8000 }, ['budget=minAvailable:3']),
  sample('node-taint-no-schedule', 'node-taint', { ...fullest, effect: 'NoSchedule' }),
  sample('node-kill-zone', 'node-kill', zone),
  sample('node-partition-in', 'node-partition', { ...fullest, way: 'in' }),
  sample('node-partition-out', 'node-partition', { ...fullest, way: 'out' }),
  sample('node-partition-api', 'node-partition', { ...zone, way: 'api-server' }),
  { ...sample('api-server-down-under-traffic', 'api-server-down'), traffic: true },
];

/** The name of the fault that a sample tests. */
export const faultOf = ({ faults }: FaultSample): string => faults.at(-1)?.name ?? faults[0].name;

export const injectArgs = ({ faults, set, traffic }: FaultSample): string[] => [
  'inject',
  ...faults.map(({ name }) => name),
  ...faults.flatMap(({ params }) => ['--params', JSON.stringify(params)]),
  ...(traffic ? [] : ['--no-traffic']),
  ...['startDelay=1', 'preStop=none', 'drain=exit', ...set].flatMap((word) => ['--set', word]),
];

/** Injects each fault once. `inject` exits with 0 if the fault landed, was healed, and the cluster was verified. */
export const faultExercises = (options: Omit<HoldfastOptions, 'signal'>): Exercise[] =>
  faultSamples.map((each) => ({
    id: each.id,
    async run(signal) {
      const done = await holdfast(injectArgs(each), { ...options, signal });
      const saw = landingsInWords(done);
      if (done.exitCode === 0) return { saw };
      if (wasSkipped(done)) return { saw, skipped: true };
      throw new Error(endInWords(done));
    },
  }));
