import type { EventSource } from './event.ts';
import type { RecordedClocks } from './node-clock.ts';
import type { ArmPlan } from './plan.ts';

/**
 * What a recorder set out to record: the name of a watch or of a file, or a detail that older recorders left out.
 * `signs-of-life`: every watch shows every 5 s that it lives. `processor-users`: who used the processor.
 */
export const recordable = [
  'pod',
  'endpointslice',
  'deployment',
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

/** `arm.json`: what was planned of an arm, and what its recording is. */
export interface ArmFile extends RecordedClocks {
  readonly schema: 'holdfast.arm/2';
  /** Random: no other recording has it. Null if it was not recorded. */
  readonly id: string | null;
  /** The run that it is part of. Null if it was not recorded. */
  readonly run: string | null;
  /** The identity of its experiment. Null if it was not recorded. */
  readonly experiment: string | null;
  /** The UID of the cluster's namespace kube-system. Null if it was not recorded. */
  readonly cluster: string | null;
  /** A digest of the profile of its lab. Null if it was not recorded. */
  readonly profile: string | null;
  readonly recorded: readonly Recordable[];
  readonly plan: ArmPlan;
}
