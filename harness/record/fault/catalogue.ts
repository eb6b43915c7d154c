import { UsageError } from '../../model/usage-error.ts';
import { cordon } from './cordon.ts';
import { drain } from './drain.ts';
import type { Fault } from './fault.ts';
import { nodeKill, nodePause, nodeRestart, nodeStop } from './node-power.ts';
import { podDelete, podForceDelete } from './pod-delete.ts';
import { processKill } from './process-kill.ts';
import { rollout } from './rollout.ts';
import { scale } from './scale.ts';

/** Every fault, in the order in which they are listed. */
const faults = [
  rollout,
  scale,
  podDelete,
  podForceDelete,
  processKill,
  cordon,
  drain,
  nodeKill,
  nodeStop,
  nodePause,
  nodeRestart,
] as unknown as readonly Fault[];

/** Every fault by its name: how a plan, or a dead run's journal, finds what undoes it. */
export const catalogue: ReadonlyMap<string, Fault> = new Map(faults.map((fault) => [fault.name, fault]));

/** Throws `UsageError` with all names where there is none of that name. */
export function faultNamed(name: string): Fault {
  const fault = catalogue.get(name);
  if (!fault) throw new UsageError(`unknown fault ${name}. Faults: ${[...catalogue.keys()].join(', ')}`);
  return fault;
}
