import { UsageError } from '../../model/usage-error.ts';
import type { Fault } from './fault.ts';
import { rollout } from './rollout.ts';

/** Every fault, in the order in which they are listed. */
const faults = [rollout] as unknown as readonly Fault[];

/** Every fault by its name: how a plan, or a dead run's journal, finds what undoes it. */
export const catalogue: ReadonlyMap<string, Fault> = new Map(faults.map((fault) => [fault.name, fault]));

/** Throws `UsageError` with all names where there is none of that name. */
export function faultNamed(name: string): Fault {
  const fault = catalogue.get(name);
  if (!fault) throw new UsageError(`unknown fault ${name}. Faults: ${[...catalogue.keys()].join(', ')}`);
  return fault;
}
