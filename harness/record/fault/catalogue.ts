import { UsageError } from '../../model/usage-error.ts';
import { apiServerDown } from './api-server-down.ts';
import { badVersion } from './bad-version.ts';
import { controlPlaneStop } from './control-plane-stop.ts';
import { cordon } from './cordon.ts';
import { cpuBurn } from './cpu-burn.ts';
import { crashLoop } from './crash-loop.ts';
import { dependencyOff } from './dependency-off.ts';
import { dependencySlow } from './dependency-slow.ts';
import { drain } from './drain.ts';
import { evict } from './evict.ts';
import type { Fault } from './fault.ts';
import { kubectlDrain } from './kubectl-drain.ts';
import { memoryPressure } from './memory-pressure.ts';
import { networkCardDown } from './network-card-down.ts';
import { networkDelay } from './network-delay.ts';
import { networkPolicy } from './network-policy.ts';
import { nodePartition } from './node-partition.ts';
import { nodeKill, nodePause, nodeRestart, nodeStop } from './node-power.ts';
import { nodeTaint } from './node-taint.ts';
import { outOfMemory } from './out-of-memory.ts';
import { podDelete, podForceDelete } from './pod-delete.ts';
import { preemption } from './preemption.ts';
import { processKill } from './process-kill.ts';
import { recreate } from './recreate.ts';
import { rollback } from './rollback.ts';
import { restart, rollout } from './rollout.ts';
import { scale } from './scale.ts';

/** Every fault, in the order in which they are listed. */
const faults = [
  rollout,
  restart,
  recreate,
  badVersion,
  rollback,
  scale,
  podDelete,
  podForceDelete,
  processKill,
  outOfMemory,
  crashLoop,
  evict,
  cordon,
  drain,
  kubectlDrain,
  nodeTaint,
  preemption,
  nodeKill,
  nodeStop,
  nodePause,
  nodeRestart,
  nodePartition,
  networkCardDown,
  apiServerDown,
  controlPlaneStop,
  dependencyOff,
  dependencySlow,
  cpuBurn,
  memoryPressure,
  networkDelay,
  networkPolicy,
] as unknown as readonly Fault[];

/** Every fault by its name: how a plan, or a dead run's journal, finds what undoes it. */
export const catalogue: ReadonlyMap<string, Fault> = new Map(faults.map((fault) => [fault.name, fault]));

/** Throws `UsageError` with all names where there is none of that name. */
export function faultNamed(name: string): Fault {
  const fault = catalogue.get(name);
  if (!fault) throw new UsageError(`unknown fault ${name}. Faults: ${[...catalogue.keys()].join(', ')}`);
  return fault;
}
