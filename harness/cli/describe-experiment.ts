import { hanging } from '../../reports/terminal/layout.ts';
import type { Experiment } from '../model/experiment.ts';
import { ownCommand } from '../model/own-command.ts';

const width = 100;

/** The question and the arms of an experiment. `typed` is the name or path as the user typed it. */
export function experimentText(
  { name, title, question, arms, nodeTimings, onlyWhenNamed }: Experiment,
  typed: string,
): string {
  const longest = Math.max(...Object.keys(arms).map((arm) => arm.length));
  return [
    ...hanging(`${name}  `, title, width),
    '',
    ...hanging('  ', question.replaceAll('\n', ' '), width),
    '',
    'Arms',
    ...Object.entries(arms).flatMap(([arm, { role, says, disruptions, extra }]) => {
      const faults = disruptions.map(({ fault }) => fault.name).join(', ') || 'no fault';
      return hanging(
        `  ${arm.padEnd(longest)}  `,
        `${role}: ${says} (${faults})${extra ? '; only with --all-arms' : ''}`,
        width,
      );
    }),
    '',
    ...(nodeTimings ? ['It needs the default node timings of Kubernetes: --node-timings defaults'] : []),
    ...(onlyWhenNamed ? ['It runs only when it is named.'] : []),
    `To print what a run would do: ${ownCommand} plan ${typed}`,
    '',
  ].join('\n');
}
