import type { EvidenceLine } from '../../../model/finding.ts';
import { count } from '../../../model/number-words.ts';
import { type Ms, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

const stoppedWithin: Ms = 1000;

/** Rows lie within the arm’s time and have possible numbers. */
export function rowsInTime({ plan, generators, timeline, phases }: ArmEvidence): EvidenceLine[] {
  const from = timeline.phases.start('deploy') ?? 0;
  // Generators are stopped after the tail. They then wait for answers to the requests they have sent.
  const undone = timeline.phases.start('undone') ?? timeline.last;
  const to = Math.max(undone, phases.tail.to + msToMicros((plan.traffic?.timeoutMs ?? 0) + stoppedWithin));
  return generators.flatMap(({ gen, table, earliest, latest }) => {
    const lines: EvidenceLine[] = [];
    if (table.unkept > 0) lines.push({ text: `${gen}: ${count(table.unkept)} rows with impossible numbers or times` });
    if (earliest < from) lines.push({ at: earliest, text: `${gen}: a request from before the arm was deployed` });
    if (latest > to) lines.push({ at: latest, text: `${gen}: a request that ended after the arm was over` });
    return lines;
  });
}
