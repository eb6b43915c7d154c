import { z } from 'zod';
import {
  type ApiServerState,
  type BudgetState,
  type ClockSample,
  type EventSource,
  type EvictionAnswer,
  eventSources,
  type KubernetesEventState,
  type LeaseState,
  type NodeContainerState,
  type NodeState,
  type OwnerState,
  type PodState,
  type ReachState,
  type RecordedEvent,
  type SliceState,
  type WorkloadEvent,
} from '../model/event.ts';
import type { Json } from '../model/units.ts';

const moment = z.int().nonnegative();

const pod: z.ZodType<PodState> = z.looseObject({
  node: z.string(),
  ip: z.string(),
  phase: z.string(),
  ready: z.boolean(),
  revision: z.string(),
  version: z.string(),
  terminating: z.boolean(),
  graceSeconds: z.number().nullable(),
  containers: z.array(
    z.looseObject({
      name: z.string(),
      ready: z.boolean(),
      restartCount: z.int(),
      state: z.enum(['waiting', 'running', 'terminated']),
      reason: z.string(),
      exitCode: z.int().nullable(),
      ended: z.looseObject({ reason: z.string(), exitCode: z.int() }).nullable(),
    }),
  ),
});

const slice: z.ZodType<SliceState> = z.looseObject({
  service: z.string(),
  addressType: z.enum(['IPv4', 'IPv6', 'FQDN']),
  endpoints: z.array(
    z.looseObject({
      ip: z.string(),
      pod: z.string(),
      uid: z.string(),
      node: z.string(),
      ready: z.boolean(),
      serving: z.boolean(),
      terminating: z.boolean(),
    }),
  ),
});

const node: z.ZodType<NodeState> = z.looseObject({
  ready: z.enum(['True', 'False', 'Unknown']),
  unschedulable: z.boolean(),
  taints: z.array(z.string()),
  conditions: z.array(z.string()),
  zone: z.string(),
  rack: z.string(),
});

const lease: z.ZodType<LeaseState> = z.looseObject({ renewed: z.string() });

const budget: z.ZodType<BudgetState> = z.looseObject({
  desiredHealthy: z.int(),
  currentHealthy: z.int(),
  expectedPods: z.int(),
  disruptionsAllowed: z.int(),
});

const eviction: z.ZodType<EvictionAnswer> = z.looseObject({
  disruption: z.string(),
  node: z.string(),
  code: z.int(),
  message: z.string(),
});

const container: z.ZodType<NodeContainerState> = z.looseObject({
  state: z.enum(['running', 'paused', 'exited']),
  exitCode: z.int().nullable(),
});

const apiServer: z.ZodType<ApiServerState> = z.looseObject({ ready: z.boolean(), reason: z.string() });

const reach: z.ZodType<ReachState> = z.looseObject({ answered: z.boolean(), ms: z.number() });

const owner: z.ZodType<OwnerState> = z.looseObject({
  generation: z.int(),
  observedGeneration: z.int(),
  desired: z.int(),
  replicas: z.int(),
  updated: z.int(),
  ready: z.int(),
  available: z.int(),
});

const kubernetesEvent: z.ZodType<KubernetesEventState> = z.looseObject({
  reason: z.string(),
  message: z.string(),
  type: z.string(),
});

const note: z.ZodType<Json> = z.json();

const dataOf = {
  phase: note,
  fault: note,
  watch: note,
  pod,
  endpointslice: slice,
  node,
  lease,
  deployment: owner,
  statefulset: owner,
  budget,
  eviction,
  container,
  'api-server': apiServer,
  reach,
  'k8s-event': kubernetesEvent,
} satisfies Record<EventSource, z.ZodType>;

/** The kind of object that a source reports. Kubernetes events are about objects of any kind. */
const kindOf: { readonly [source in EventSource]?: string } = {
  pod: 'Pod',
  endpointslice: 'EndpointSlice',
  node: 'Node',
  lease: 'Lease',
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  budget: 'PodDisruptionBudget',
  eviction: 'Pod',
};

const envelope = z.object({
  at: moment,
  source: z.enum(eventSources),
  type: z.string(),
  subject: z.string(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  data: z.unknown(),
});

/** Whether an event is about an object of the kind that its source reports. */
function isNamed({ source, kind, name }: z.infer<typeof envelope>): boolean {
  if ((kind === undefined) !== (name === undefined)) return false;
  if (source === 'k8s-event') return kind !== undefined;
  // Pods are probed, and also the dependency, which is not an object.
  if (source === 'reach') return kind === undefined || kind === 'Pod';
  return kind === kindOf[source];
}

/** Parses an event of `events.ndjson` with the `data` of its source. Undefined for anything else. */
export function parseEvent(value: unknown): RecordedEvent | undefined {
  const parsed = envelope.safeParse(value);
  if (!parsed.success || !isNamed(parsed.data)) return undefined;
  const shape: z.ZodType = dataOf[parsed.data.source];
  const data = shape.safeParse(parsed.data.data);
  return data.success ? { ...parsed.data, data: data.data as Json } : undefined;
}

const workloadTypes: ReadonlySet<string> = new Set<WorkloadEvent['type']>([
  'boot',
  'listen',
  'ready',
  'sigterm',
  'close',
  'start',
  'end',
  'exit',
]);

/** Parses a line of the log of a pod. Checked without zod because there are two lines for every request. */
export function parseWorkloadEvent(value: unknown): WorkloadEvent | undefined {
  const event = value as Partial<Record<keyof WorkloadEvent, unknown>> | null;
  if (typeof event !== 'object' || event === null) return undefined;
  const fits =
    Number.isSafeInteger(event.at) &&
    typeof event.type === 'string' &&
    workloadTypes.has(event.type) &&
    typeof event.pod === 'string' &&
    (event.id === undefined || typeof event.id === 'string');
  return fits ? (value as WorkloadEvent) : undefined;
}

const clockSample: z.ZodType<ClockSample> = z.looseObject({
  at: moment,
  monotonic: moment,
  loopDelayMs: z.number(),
  busy: z.number(),
  steal: z.number(),
  cpu: z.object({ holdfast: z.number().optional(), pods: z.record(z.string(), z.number()).optional() }).optional(),
});

export const parseClockSample = (value: unknown): ClockSample | undefined => clockSample.safeParse(value).data;
