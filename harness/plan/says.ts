import { changeInWords } from '../guarantees/changes.ts';
import type { Change } from '../model/change.ts';
import type { LabConditions } from '../model/experiment.ts';
import { counted } from '../model/number-words.ts';
import type { PlannedWorkload } from '../model/plan.ts';

const optionInWords = (option: string, { options }: PlannedWorkload): string =>
  options[option]?.words ?? `${option} ${JSON.stringify(options[option]?.value)}`;

/** Conditions of the lab as text. */
export const labInWords = ({ scheduler, busyWorkers }: Partial<LabConditions>): string[] => [
  ...(scheduler === undefined ? [] : [`scheduler profile ${scheduler}`]),
  ...(busyWorkers === undefined ? [] : [busyWorkers === 0 ? 'no busy worker' : counted(busyWorkers, 'busy worker')]),
];

/**
 * What an arm is, in plain words: how its workload and its lab differ from those of the experiment. Later changes of
 * the same thing replace earlier ones.
 */
export function armSays(
  workload: PlannedWorkload,
  own: { readonly changes: readonly Change[]; readonly lab: Partial<LabConditions> },
): string {
  const said = own.changes.map((change) =>
    'option' in change ? optionInWords(change.option, workload) : changeInWords(change, workload.facts),
  );
  const words = [...new Set([...said, ...labInWords(own.lab)])];
  return words.length === 0 ? 'the workload as it is' : words.join(', ');
}
