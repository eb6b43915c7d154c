import type { ArmFindings, Margins, PodMargin } from '../../harness/model/finding.ts';
import { counted, exactSeconds } from './number.ts';

export type Margin = PodMargin;

/** The margins of an arm; empty if they were not measured. */
export const margins = (arm: ArmFindings): Margins => arm.margins ?? {};

/** A sentence for each margin of an arm: `web-2 closed its listener 3.89 s after its last connection`. */
export function marginsInWords({ budget, ...pods }: Margins): string[] {
  const lines = (['close', 'listen', 'grace'] as const).flatMap((kind) => {
    const margin = pods[kind];
    if (!margin) return [];
    const { did, kept, missed } = podMargins[kind];
    return [`${margin.pod} ${did} ${exactSeconds(margin.smallestMs)} ${margin.smallestMs < 0 ? missed : kept}`];
  });
  if (!budget) return lines;
  const { smallest, healthy, desired } = budget;
  const pod = counted(Math.abs(smallest), 'pod');
  return [
    ...lines,
    `${pod} ${smallest < 0 ? 'below' : 'above'} the disruption budget (${healthy} healthy, ${desired} desired)`,
  ];
}

/** What the closest pod did, and when: with a margin, and without one. */
const podMargins = {
  close: { did: 'closed its listener', kept: 'after its last connection', missed: 'before its last connection' },
  listen: { did: 'got its first connection', kept: 'after it listened', missed: 'before it listened' },
  grace: {
    did: 'finished its last request',
    kept: 'before its grace period ended',
    missed: 'after its grace period ended',
  },
} as const;
