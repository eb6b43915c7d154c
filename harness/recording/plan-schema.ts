import { z } from 'zod';
import { facts } from '../guarantees/facts-schema.ts';
import { json } from '../guarantees/json.ts';
import { type Cause, causeOrder } from '../model/cause.ts';
import type { Change } from '../model/change.ts';
import type { LabProfile } from '../model/cluster.ts';
import {
  type Demand,
  type Disruption,
  type Expectation,
  endpointKinds,
  type LabConditions,
  type PhaseSettings,
  type TrafficSettings,
  topologyDomains,
} from '../model/experiment.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Owner } from '../model/owner.ts';
import type { ArmPlan, ExperimentPlan, PlannedWorkload, RunPlan } from '../model/plan.ts';
import type { Json } from '../model/units.ts';
import { limits } from './limits.ts';

const duration = z.number().nonnegative();
const count = z.int().nonnegative();
/** A name that is used for a folder. It cannot lead out of the folder of the run. */
export const folderName = z.string().regex(/^[A-Za-z0-9][\w.-]*$/);
const proportion = z.number().gt(0).lt(1);
const strings = z.record(z.string(), z.string());

/** Any other field of an object. A plan is read from JSON, so its values are not checked again. */
const anyField = z.custom<Json>();

const manifest: z.ZodType<Manifest> = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string() }).catchall(anyField),
  })
  .catchall(anyField);

const manifests = z.array(manifest).max(limits.objects);

const owner: z.ZodType<Owner> = z.looseObject({ kind: z.enum(['Deployment', 'StatefulSet']), name: z.string() });

export const change: z.ZodType<Change> = z.union([
  z.strictObject({ without: z.string() }),
  z.strictObject({ having: z.string(), value: json }),
  z.strictObject({ option: z.string(), value: json }),
]);

const workload: z.ZodType<PlannedWorkload> = z.looseObject({
  name: z.string(),
  owner,
  container: z.string(),
  service: z.string(),
  changes: z.array(change),
  options: z.record(z.string(), z.looseObject({ value: json, words: z.string().optional() })),
  facts,
  objects: manifests.nullable(),
  changedForLab: z.array(z.looseObject({ object: z.string(), field: z.string(), why: z.string() })),
});

/** The fields of the conditions of a lab. A recording of a later version may have others; an experiment must not. */
export const labFields = {
  busyWorkers: count,
  scheduler: z.enum(['default-scheduler', 'no-spread']),
};

const labConditions: z.ZodType<LabConditions> = z.looseObject(labFields);

export const traffic: z.ZodType<TrafficSettings> = z.looseObject({
  freshPerSecond: duration,
  keptAlivePerSecond: duration,
  timeoutMs: duration,
  from: z.enum(['control-plane', 'worker']),
});

export const phases: z.ZodType<PhaseSettings> = z.looseObject({
  warmupMs: duration,
  baselineMs: duration,
  quietMs: duration,
  tailMs: duration,
});

const afterEvent = z.strictObject({
  after: z.string(),
  event: z.enum(['intent', 'injected', 'landed', 'healed']),
  delayMs: duration,
});

export const disruption: z.ZodType<Disruption> = z.looseObject({
  id: z.string(),
  when: z.union([
    z.strictObject({ atMs: duration }),
    afterEvent,
    z.strictObject({ readyAtMost: count, delayMs: duration }),
  ]),
  fault: z.looseObject({ name: z.string(), params: z.record(z.string(), json) }),
  until: z.union([z.strictObject({ ms: duration }), z.strictObject({ readyAtLeast: count }), afterEvent]).optional(),
  limitMs: duration,
});

const causes = z.array(z.enum(causeOrder as [Cause, ...Cause[]])).max(causeOrder.length);

export const expectation: z.ZodType<Expectation> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('no-loss') }),
  z.strictObject({ kind: z.literal('observed') }),
  z.strictObject({ kind: z.literal('loss'), atLeast: z.int().positive(), causes: causes.min(1) }),
  z.strictObject({ kind: z.literal('outage'), atLeastMs: z.number().positive(), causes: causes.min(1) }),
  z.strictObject({
    kind: z.literal('bounded-loss'),
    causes: causes.min(1),
    afterwards: causes,
    windowMs: z.number().positive(),
    shareAtMost: z.number().min(0).max(1),
  }),
  z.strictObject({
    kind: z.literal('placement'),
    nodesAtLeast: count,
    nodesAtMost: count,
  }),
]);

export const demand: z.ZodType<Demand> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready-endpoints'), atLeast: count, of: z.enum(endpointKinds).optional() }),
  z.strictObject({ kind: z.literal('recovery'), withinMs: duration }),
  z.strictObject({ kind: z.literal('evictions-refused'), atLeast: count }),
  z.strictObject({ kind: z.literal('evictions-allowed'), atMost: count }),
  z.strictObject({ kind: z.literal('unschedulable'), atLeast: count, because: z.string() }),
  z.strictObject({ kind: z.literal('running-at-end'), atLeast: count, revision: z.enum(['old', 'new']).optional() }),
  z.strictObject({ kind: z.literal('together'), over: z.enum(topologyDomains), atMost: count }),
  z.strictObject({
    kind: z.literal('added-latency'),
    percentile: z.number().positive().lt(100),
    atMostMs: duration,
  }),
  z.strictObject({ kind: z.literal('margin'), of: z.enum(['close', 'listen', 'grace']), atLeastMs: duration }),
]);

export const armPlan: z.ZodType<ArmPlan> = z.looseObject({
  name: folderName,
  repeats: folderName.optional(),
  role: z.enum(['control', 'treatment', 'unprotected']),
  says: z.string(),
  namespace: z.string(),
  workload,
  lab: labConditions,
  traffic: traffic.nullable(),
  phases,
  disruptions: z.array(disruption).max(limits.disruptions),
  expect: expectation,
  demands: z.array(demand).max(limits.demands),
});

const experimentPlan: z.ZodType<ExperimentPlan> = z.looseObject({
  name: folderName,
  title: z.string(),
  question: z.string(),
  claims: z.array(z.string()),
  until: z.strictObject({ confidence: proportion, share: proportion }).optional(),
  objects: manifests.nullable(),
  arms: z.array(armPlan).max(limits.arms),
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
  schema: z.literal('holdfast.plan/2'),
  run: z.string(),
  startedAt: z.string(),
  command: z.array(z.string()),
  seed: z.string(),
  settings: strings,
  deadlineMs: duration,
  holdfast: z.looseObject({ version: z.string(), commit: z.string(), dirty: z.boolean() }),
  host: z.looseObject({ cores: count, memoryBytes: count, kernel: z.string(), node: z.string() }),
  lab,
  experiments: z.array(experimentPlan).max(limits.experiments),
});
