import { UsageError } from '../../model/usage-error.ts';
import type { Fault } from './fault.ts';
import * as builders from './faults.ts';

const faults: readonly Fault[] = Object.values(builders).map(({ fault }) => fault);

/**
 * Every fault by its name, sorted by name. Plans and journals name faults, and the catalogue gives the code that
 * injects and heals them.
 */
export const catalogue: ReadonlyMap<string, Fault> = new Map(faults.map((fault) => [fault.name, fault]));

/** The fault of this name. Throws `UsageError` with all names if there is none. */
export function faultNamed(name: string): Fault {
  const fault = catalogue.get(name);
  if (!fault) throw new UsageError(`unknown fault ${name}. Faults: ${[...catalogue.keys()].join(', ')}`);
  return fault;
}
