import { z } from 'zod';
import { type Cause, causeOrder } from '../model/cause.ts';
import type { LabProfile } from '../model/cluster.ts';
import type { Disruption, Expectation, PhaseSettings, TrafficSettings, WorkloadSettings } from '../model/experiment.ts';
import type { ArmPlan, ExperimentPlan, RunPlan } from '../model/plan.ts';
import type { Json } from '../model/units.ts';

const json: z.ZodType<Json> = z.json();
const duration = z.number().nonnegative();
const count = z.int().nonnegative();
/** A name that becomes a folder's: plain characters, and never a way out of the run. */
const folderName = z.string().regex(/^[A-Za-z0-9][\w.-]*$/);
const strings = z.record(z.string(), z.string());

const workload: z.ZodType<WorkloadSettings> = z.looseObject({
  replicas: count,
  maxSurge: count,
  maxUnavailable: count,
  readiness: z.boolean(),
  preStopSeconds: duration,
  graceSeconds: duration,
  startDelayMs: duration,
  drain: z.enum(['graceful', 'exit', 'ignore']),
  workMs: duration,
});

const traffic: z.ZodType<TrafficSettings> = z.looseObject({
  freshPerSecond: duration,
  keptAlivePerSecond: duration,
  timeoutMs: duration,
});

const phases: z.ZodType<PhaseSettings> = z.looseObject({
  warmupMs: duration,
  baselineMs: duration,
  quietMs: duration,
  tailMs: duration,
});

const disruption: z.ZodType<Disruption> = z.looseObject({
  id: z.string(),
  when: z.union([
    z.strictObject({ atMs: duration }),
    z.strictObject({ after: z.string(), event: z.string(), delayMs: duration }),
  ]),
  fault: z.looseObject({ name: z.string(), params: z.record(z.string(), json) }),
  limitMs: duration,
});

const expectation: z.ZodType<Expectation> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('no-loss') }),
  z.strictObject({
    kind: z.literal('loss'),
    atLeast: z.int().positive(),
    causes: z.array(z.enum(causeOrder as [Cause, ...Cause[]])).min(1),
  }),
]);

export const armPlan: z.ZodType<ArmPlan> = z.looseObject({
  name: folderName,
  role: z.enum(['control', 'treatment', 'unprotected']),
  says: z.string(),
  namespace: z.string(),
  workload,
  traffic,
  phases,
  disruptions: z.array(disruption),
  expect: expectation,
});

const experimentPlan: z.ZodType<ExperimentPlan> = z.looseObject({
  name: folderName,
  title: z.string(),
  question: z.string(),
  claims: z.array(z.string()),
  arms: z.array(armPlan),
});

const lab: z.ZodType<LabProfile> = z.looseObject({
  imageSource: z.enum(['stock', 'built']),
  kubernetes: z.string(),
  kind: z.string(),
  k6: z.string(),
  containerd: z.string(),
  engine: z.string(),
  kernel: z.string(),
  cgroup: z.string(),
  cni: z.string(),
  proxyMode: z.string(),
  proxyMinSyncPeriod: z.string(),
  nodeTimings: z.string(),
  schedulerProfiles: z.array(z.string()),
  sysctls: strings,
  digests: strings,
});

export const runPlan: z.ZodType<RunPlan> = z.looseObject({
  schema: z.literal('holdfast.plan/1'),
  run: z.string(),
  startedAt: z.string(),
  command: z.array(z.string()),
  seed: z.string(),
  settings: strings,
  deadlineMs: duration,
  holdfast: z.looseObject({ version: z.string(), commit: z.string(), dirty: z.boolean() }),
  host: z.looseObject({ cores: count, memoryBytes: count, kernel: z.string(), node: z.string() }),
  lab,
  experiments: z.array(experimentPlan),
});
