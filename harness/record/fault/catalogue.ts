import { UsageError } from '../../model/usage-error.ts';
import type { Fault } from './fault.ts';
import { rollout } from './rollout.ts';

/** Every fault by its name: how a plan, or a dead run's journal, finds what undoes it. */
const catalogue = new Map([rollout].map((fault) => [fault.name, fault as unknown as Fault]));

export function faultNamed(name: string): Fault {
  const fault = catalogue.get(name);
  if (!fault) throw new UsageError(`unknown fault ${name}. Faults: ${[...catalogue.keys()].join(', ')}`);
  return fault;
}
