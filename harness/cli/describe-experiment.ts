import { hanging } from '../../reports/terminal/layout.ts';
import type { Experiment } from '../model/experiment.ts';
import { ownCommand } from '../model/own-command.ts';
import { quoted } from '../model/quoted.ts';
import { planExperiment } from '../plan/plan.ts';

const width = 100;

/** What each arm is, as its plan says it. */
const armsInWords = (experiment: Experiment): ReadonlyMap<string, string> => {
  const { arms } = planExperiment(experiment, { seed: '', settings: {}, arms: [], allArms: true });
  return new Map(arms.map(({ name, says }) => [name, says]));
};

/** The question and the arms of an experiment, as `--json` prints them. */
export const describedExperiment = (experiment: Experiment) => describedWith(experiment, armsInWords(experiment));

const describedWith = (
  { name, title, question, arms, nodeTimings, onlyWhenNamed }: Experiment,
  says: ReadonlyMap<string, string>,
) => ({
  name,
  title,
  question,
  arms: Object.entries(arms).map(([arm, { role, disruptions, extra }]) => ({
    name: arm,
    role,
    says: says.get(arm) ?? '',
    faults: disruptions.map(({ fault }) => fault.name),
    onlyWithAllArms: extra ?? false,
  })),
  ...(nodeTimings && { nodeTimings }),
  onlyWhenNamed: onlyWhenNamed ?? false,
});

/** The question and the arms of an experiment as text. `typed` is the name or path as the user typed it. */
export function experimentText(experiment: Experiment, typed: string): string {
  const { name, title, question, arms, nodeTimings, onlyWhenNamed } = describedExperiment(experiment);
  const longest = Math.max(...arms.map((arm) => arm.name.length));
  return [
    ...hanging(`${name}  `, title, width),
    '',
    ...hanging('  ', question.replaceAll('\n', ' '), width),
    '',
    'Arms',
    ...arms.flatMap((arm) =>
      hanging(
        `  ${arm.name.padEnd(longest)}  `,
        `${arm.role}: ${arm.says} (${arm.faults.join(', ') || 'no fault'})${arm.onlyWithAllArms ? '; only with --all-arms' : ''}`,
        width,
      ),
    ),
    '',
    ...(nodeTimings ? ['It needs the default node timings of Kubernetes: --node-timings defaults'] : []),
    ...(onlyWhenNamed ? ['It runs only when it is named.'] : []),
    `To print what a run would do: ${ownCommand} plan ${quoted(typed)}`,
    '',
  ].join('\n');
}
