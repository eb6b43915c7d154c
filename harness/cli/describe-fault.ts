import type { Disruption, FaultSpec } from '../model/experiment.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import type { DescribeFault } from '../plan/text.ts';
import { faultNamed } from '../record/fault/catalogue.ts';

/** Throws `UsageError` for a fault that is not in the catalogue, or for parameters that its schema rejects. */
export function checkFault({ name, params }: FaultSpec, where: string): void {
  const checked = faultNamed(name).params.safeParse(params);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  throw new UsageError(`${where}: ${name}: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
}

/** Throws `UsageError` if a fault would be held longer than the timer that ends it. */
export function checkHold({ id, fault, until, limitMs }: Disruption, where: string): void {
  const { endsByItselfMs } = faultNamed(fault.name);
  const longest = limitMs + (until && 'ms' in until ? until.ms : limitMs);
  if (endsByItselfMs === undefined || longest < endsByItselfMs) return;
  throw new UsageError(
    `${where}: ${id}: ${fault.name} ends by itself after ${endsByItselfMs / 1000} s, but it could be held for ${longest / 1000} s`,
  );
}

/** Checks the faults of every arm of a plan. Throws `UsageError`. */
export function checkFaults({ name, arms }: ExperimentPlan): void {
  for (const arm of arms) {
    for (const disruption of arm.disruptions) {
      const where = `${name}, arm ${arm.name}`;
      checkFault(disruption.fault, `${where}, ${disruption.id}`);
      checkHold(disruption, where);
    }
  }
}

export const describeFault: DescribeFault = (fault) => {
  checkFault(fault, 'its plan');
  const { does, faithfulTo, undone } = faultNamed(fault.name);
  return { does, faithfulTo, undone };
};
