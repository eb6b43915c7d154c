import { hanging } from '../../reports/terminal/layout.ts';
import type { Experiment } from '../model/experiment.ts';

const width = 100;

/** An experiment's question, and what its arms are for. `typed` is how a person named it. */
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
    ...(nodeTimings ? ['It needs a lab with Kubernetes’ own node timings: --node-timings defaults'] : []),
    ...(onlyWhenNamed ? ['It runs only when it is named.'] : []),
    `What a run would do, setting by setting: ./holdfast plan ${typed}`,
    '',
  ].join('\n');
}
