import type { ArmFindings, Margins, PodMargin } from '../../harness/model/finding.ts';
import { podMarginWords } from '../../harness/model/in-words.ts';
import { counted, exactSeconds } from './number.ts';

export type Margin = PodMargin;

/** How close it was in an arm; nothing where it was not measured. */
export const margins = (arm: ArmFindings): Margins => arm.margins ?? {};

/** A line for each margin of an arm: `3.89 s to spare from last routed to listener closed (web-2)`. */
export function marginsInWords({ budget, ...pods }: Margins): string[] {
  const lines = (['close', 'listen', 'grace'] as const).flatMap((kind) => {
    const margin = pods[kind];
    if (!margin) return [];
    const { span, missed } = podMarginWords[kind];
    return [
      `${exactSeconds(margin.smallestMs)} ${margin.smallestMs < 0 ? missed : 'to spare'} ${span} (${margin.pod})`,
    ];
  });
  if (!budget) return lines;
  const { smallest, healthy, desired } = budget;
  const spare = `${counted(Math.abs(smallest), 'pod')} ${smallest < 0 ? 'too few for' : 'to spare above'}`;
  return [...lines, `${spare} the disruption budget (${healthy} healthy, ${desired} desired)`];
}
