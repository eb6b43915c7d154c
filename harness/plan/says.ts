import { isDeepStrictEqual } from 'node:util';
import { changeInWords } from '../guarantees/changes.ts';
import { factsInWords } from '../guarantees/facts.ts';
import { guarantees } from '../guarantees/registry.ts';
import type { Change } from '../model/change.ts';
import type { LabConditions } from '../model/experiment.ts';
import { counted } from '../model/number-words.ts';
import type { ArmPlan, PlannedWorkload } from '../model/plan.ts';

const optionInWords = (option: string, { options }: PlannedWorkload): string =>
  options[option]?.words ?? `${option} ${JSON.stringify(options[option]?.value)}`;

/** Conditions of the lab as text. */
export const labInWords = ({ scheduler, busyWorkers }: Partial<LabConditions>): string[] => [
  ...(scheduler === undefined ? [] : [`scheduler profile ${scheduler}`]),
  ...(busyWorkers === undefined ? [] : [busyWorkers === 0 ? 'no busy worker' : counted(busyWorkers, 'busy worker')]),
];

/** An arm before its description is known. */
export type Undescribed = Omit<ArmPlan, 'says'>;

/**
 * What each arm is, in plain words, by its name: its own changes. An arm that has none says what it has of the guarantees in
 * which arms differ, so that `readiness probe, preStop sleep 5 s` stands beside `no preStop hook`.
 */
export function describeArms(
  arms: readonly Undescribed[],
  ownOf: (arm: Undescribed) => { readonly changes: readonly Change[]; readonly lab: Partial<LabConditions> },
): readonly ArmPlan[] {
  const differing = guarantees.filter(({ name }) =>
    arms.some(({ workload }) => !isDeepStrictEqual(workload.facts[name], arms[0]?.workload.facts[name])),
  );
  return arms.map((arm) => {
    const { changes, lab } = ownOf(arm);
    const { facts } = arm.workload;
    const own = changes.map((change) =>
      'option' in change ? optionInWords(change.option, arm.workload) : changeInWords(change, facts),
    );
    const said = [...new Set([...own, ...labInWords(lab)])];
    const compared = factsInWords(facts).filter((fact) => differing.some(({ name }) => name === fact.name));
    const words = said.length > 0 ? said : compared.map((fact) => fact.words);
    return { ...arm, says: words.length > 0 ? words.join(', ') : 'the workload as it is' };
  });
}
