import type { FaultSpec } from '../model/experiment.ts';
import { catalogue } from '../record/fault/catalogue.ts';
import type { Exercise } from './drill.ts';
import { firstWords, type HoldfastOptions, holdfast, lastWords, wasSkipped } from './holdfast.ts';

/** A fault as the drills try it: with parameters under which it lands soon, on a workload that it needs. */
export interface FaultSample {
  readonly id: string;
  /** One after the other: the last is the one that is tried, those before it make it possible. */
  readonly faults: readonly [FaultSpec, ...FaultSpec[]];
  /** `--set` words. */
  readonly set: readonly string[];
  /** Under traffic, whose recording must be whole. */
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

/** Every fault of the catalogue at least once. */
export const faultSamples: readonly FaultSample[] = [
  sample('rollout', 'rollout'),
  sample('rollout-stuck', 'rollout', { finishes: false, timeLimitMs: 5000 }, ['replicas=4', 'antiAffinity=required']),
  sample('restart', 'restart'),
  sample('recreate', 'recreate'),
  sample('bad-version', 'bad-version'),
  sample('bad-version-unprobed', 'bad-version', {}, ['readiness=off']),
  {
    id: 'rollback',
    faults: [
      { name: 'rollout', params: {} },
      { name: 'rollback', params: {} },
    ],
    set: [],
  },
  sample('scale-up', 'scale', { replicas: 5 }),
  sample('scale-down', 'scale', { replicas: 1 }),
  sample('scale-pending', 'scale', { replicas: 5, pending: true }, ['replicas=4', 'antiAffinity=required']),
  sample('pod-delete', 'pod-delete'),
  sample('pod-delete-all', 'pod-delete', { count: 'all' }),
  sample('pod-force-delete', 'pod-force-delete'),
  sample('process-kill', 'process-kill'),
  sample('out-of-memory', 'out-of-memory'),
  sample('crash-loop', 'crash-loop'),
  sample('evict', 'evict', { count: 'all', retryMs: 1000 }, ['budget=minAvailable:2']),
  sample('evict-refused', 'evict', { finishes: false, timeLimitMs: 8000 }, ['budget=minAvailable:3']),
  sample('cordon', 'cordon', fullest),
  sample('drain', 'drain', fullest),
  sample('drain-several', 'drain', { ...holding, retryMs: 1000 }, ['budget=minAvailable:2']),
  sample('drain-zone', 'drain', zone),
  sample('drain-rack', 'drain', { nodes: { pick: 'rack' } }),
  sample('drain-refused', 'drain', { ...holding, finishes: false, timeLimitMs: 8000 }, ['budget=minAvailable:3']),
  sample('kubectl-drain', 'kubectl-drain', fullest),
  sample('node-taint', 'node-taint', fullest),
  sample('node-taint-no-schedule', 'node-taint', { ...fullest, effect: 'NoSchedule' }),
  sample('preemption', 'preemption'),
  sample('node-kill', 'node-kill', fullest),
  sample('node-kill-zone', 'node-kill', zone),
  sample('node-stop', 'node-stop', fullest),
  sample('node-pause', 'node-pause', fullest),
  sample('node-restart', 'node-restart', fullest),
  sample('node-partition', 'node-partition', fullest),
  sample('node-partition-in', 'node-partition', { ...fullest, way: 'in' }),
  sample('node-partition-out', 'node-partition', { ...fullest, way: 'out' }),
  sample('node-partition-api', 'node-partition', { ...zone, way: 'api-server' }),
  sample('network-card-down', 'network-card-down', fullest),
  sample('api-server-down', 'api-server-down'),
  { ...sample('api-server-down-under-traffic', 'api-server-down'), traffic: true },
  sample('control-plane-stop', 'control-plane-stop'),
  sample('dependency-off', 'dependency-off', {}, ['dependency=on']),
  sample('dependency-slow', 'dependency-slow', { delayMs: 1500 }, ['dependency=on']),
  sample('cpu-burn', 'cpu-burn', fullest),
  sample('memory-pressure', 'memory-pressure', fullest),
  sample('network-delay', 'network-delay', fullest),
  sample('network-policy', 'network-policy'),
];

/** The fault that a sample is about. */
export const faultOf = ({ faults }: FaultSample): string => faults.at(-1)?.name ?? faults[0].name;

/** Faults that no sample tries. */
export const untried = (): string[] =>
  [...catalogue.keys()].filter((name) => !faultSamples.some((each) => faultOf(each) === name));

export const injectArgs = ({ faults, set, traffic }: FaultSample): string[] => [
  'inject',
  ...faults.map(({ name }) => name),
  ...faults.flatMap(({ params }) => ['--params', JSON.stringify(params)]),
  ...(traffic ? [] : ['--no-traffic']),
  ...['startDelay=1', 'preStop=0', 'drain=exit', ...set].flatMap((word) => ['--set', word]),
];

/** Each fault once: injected, seen to land, healed, and the cluster verified, which `inject` says by its exit code. */
export const faultExercises = (options: Omit<HoldfastOptions, 'signal'>): Exercise[] =>
  faultSamples.map((each) => ({
    id: each.id,
    async run(signal) {
      const done = await holdfast(injectArgs(each), { ...options, signal });
      const saw = firstWords(done);
      if (done.exitCode === 0) return { saw };
      if (wasSkipped(done)) return { saw, skipped: true };
      throw new Error(`exit ${done.exitCode ?? done.endedBy}: ${lastWords(done)}`);
    },
  }));
