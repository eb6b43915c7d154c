import { flawsOf, inequalities } from '../model/arm-rules.ts';
import { type Cause, causes } from '../model/cause.ts';
import type { Disruption, FaultSpec } from '../model/experiment.ts';
import type { ArmPlan, ExperimentPlan } from '../model/plan.ts';
import { impossibilitiesOf } from '../model/possible.ts';
import { issuesInWords } from '../model/schema-issue.ts';
import { UsageError } from '../model/usage-error.ts';
import { catalogue, faultNamed } from '../record/fault/catalogue.ts';
import { notExercised } from './exercised.ts';

/** Throws `UsageError` for a fault that is not in the catalogue, or for parameters that its schema rejects. */
export function checkFault({ name, params }: FaultSpec, where: string): void {
  const checked = faultNamed(name).params.safeParse(params);
  if (!checked.success) throw new UsageError(`${where}: ${name}: ${issuesInWords(checked.error.issues)}`);
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

/**
 * Refuses a plan that cannot run: unknown faults or parameters, settings that Kubernetes refuses, events that never
 * come. Throws `UsageError` with the names of the experiment, the arm and the disruption.
 */
export function checkPossible({ name, arms }: ExperimentPlan): void {
  for (const arm of distinct(arms)) {
    const where = `experiment ${name}, arm ${arm.name}`;
    for (const disruption of arm.disruptions) {
      if (!catalogue.has(disruption.fault.name))
        throw new UsageError(
          `${where}, disruption ${disruption.id}: unknown fault ${disruption.fault.name}. Faults: ${[...catalogue.keys()].join(', ')}`,
        );
      checkFault(disruption.fault, `${where}, disruption ${disruption.id}`);
      checkHold(disruption, `${where}, disruption`);
    }
    const flaws = impossibilitiesOf(arm);
    if (flaws.length > 0) throw new UsageError(`${where}: ${flaws.join('; ')}`);
  }
}

/**
 * Does what `checkPossible` does. Also refuses arms that cannot show what their role demands, or that expect a cause
 * that their faults cannot bring.
 */
export function checkPlan(plan: ExperimentPlan): void {
  const arms = distinct(plan.arms);
  const flaws = [...arms.flatMap(flawsOf), ...inequalities(arms)];
  if (flaws.length > 0) throw new UsageError(`experiment ${plan.name}, arm ${flaws.join('; arm ')}`);
  checkPossible(plan);
  for (const arm of arms) {
    const idle = notExercised(arm, plan);
    if (idle.length > 0) throw new UsageError(`experiment ${plan.name}, arm ${arm.name}: ${idle.join('; ')}`);
    const strange = strangeCauses(arm);
    if (strange.length > 0)
      throw new UsageError(`experiment ${plan.name}, arm ${arm.name}: ${strange.join(', ')}. ${whatTheyBring(arm)}`);
  }
}

/** Repeats of an arm have the same plan. */
const distinct = (arms: readonly ArmPlan[]): readonly ArmPlan[] => arms.filter(({ repeats }) => repeats === undefined);

const causesOf = (disruptions: readonly Disruption[]): ReadonlySet<Cause> =>
  new Set(disruptions.flatMap(({ fault }) => faultNamed(fault.name).causes));

/** The expected causes that no fault of the arm can bring. */
function strangeCauses({ expect, disruptions }: ArmPlan): string[] {
  if (expect.kind !== 'loss' && expect.kind !== 'outage') return [];
  const brought = causesOf(disruptions);
  return expect.causes
    .filter((cause) => !brought.has(cause))
    .map(
      (cause) =>
        `it expects failures with the cause ${cause} (${causes[cause].name}), but its faults cannot bring them`,
    );
}

const whatTheyBring = ({ disruptions }: ArmPlan): string =>
  disruptions
    .map(
      ({ id, fault }) => `${id} (${fault.name}) can bring ${faultNamed(fault.name).causes.join(', ') || 'no failures'}`,
    )
    .join('; ');
