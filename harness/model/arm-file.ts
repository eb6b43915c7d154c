import type { EventSource } from './event.ts';
import type { RecordedClocks } from './node-clock.ts';
import type { ArmPlan } from './plan.ts';

/**
 * A kind of evidence that a recorder collects: the name of a watch or of a file, or a detail that older recorders did
 * not record. `signs-of-life`: every watch shows every 5 s that it is alive. `processor-users`: the processes and pods
 * that used the CPU.
 */
export const recordable = [
  'pod',
  'endpointslice',
  'deployment',
  'statefulset',
  'node',
  'k8s-event',
  'lease',
  'budget',
  'api-server',
  'signs-of-life',
  'clock',
  'processor-users',
  'workload',
  'requests',
  'conntrack',
  'iptables-rules',
  'nftables-rules',
] as const satisfies readonly (EventSource | string)[];
export type Recordable = (typeof recordable)[number];

/** `arm.json`: the plan of an arm and the identity of its recording. */
export interface ArmFile extends RecordedClocks {
  readonly schema: 'holdfast.arm/3';
  /** A random id that no other recording has. Null if it was not recorded. */
  readonly id: string | null;
  /** The id of its run. Null if it was not recorded. */
  readonly run: string | null;
  /** The identity of its experiment. Null if it was not recorded. */
  readonly experiment: string | null;
  /** The UID of the cluster's namespace kube-system. Null if it was not recorded. */
  readonly cluster: string | null;
  /** A digest of the profile of the lab. Null if it was not recorded. */
  readonly profile: string | null;
  readonly recorded: readonly Recordable[];
  readonly plan: ArmPlan;
}
