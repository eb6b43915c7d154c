import type { FaultSpec } from '../model/experiment.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import type { DescribeFault } from '../plan/text.ts';
import { faultNamed } from '../record/fault/catalogue.ts';

/** Throws `UsageError` for a fault that is not in the catalogue, or for parameters that it does not understand. */
export function checkFault({ name, params }: FaultSpec, where: string): void {
  const checked = faultNamed(name).params.safeParse(params);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  throw new UsageError(`${where}: ${name}: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
}

/** Before anything starts. */
export function checkFaults({ name, arms }: ExperimentPlan): void {
  for (const arm of arms) {
    for (const { id, fault } of arm.disruptions) checkFault(fault, `${name}, arm ${arm.name}, ${id}`);
  }
}

export const describeFault: DescribeFault = (fault) => {
  checkFault(fault, 'its plan');
  const { does, undone } = faultNamed(fault.name);
  return { does, undone };
};
