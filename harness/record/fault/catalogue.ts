import { UsageError } from '../../model/usage-error.ts';
import type { Fault } from './fault.ts';
import * as builders from './faults.ts';

const faults: readonly Fault[] = Object.values(builders).map(({ fault }) => fault);

/** Every fault by its name, in the order of their names: how a plan, or a dead run's journal, finds what undoes it. */
export const catalogue: ReadonlyMap<string, Fault> = new Map(faults.map((fault) => [fault.name, fault]));

/** Throws `UsageError` with all names where there is none of that name. */
export function faultNamed(name: string): Fault {
  const fault = catalogue.get(name);
  if (!fault) throw new UsageError(`unknown fault ${name}. Faults: ${[...catalogue.keys()].join(', ')}`);
  return fault;
}
