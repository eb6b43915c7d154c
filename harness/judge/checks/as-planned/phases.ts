import type { EvidenceLine } from '../../../model/finding.ts';
import { between, counted, exactSeconds } from '../../../model/number-words.ts';
import { type Micros, type Ms, microsToMs } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { phaseOrder } from '../../timeline/phases.ts';
import type { FaultStep } from '../../timeline/timeline.ts';

/** A phase may be shorter than planned by this much, because NTP may set the clock back. */
const shortBy: Ms = 1000;

const order = ['deploy', ...phaseOrder, 'end', 'undone'] as const;

/**
 * Every mark occurs once, in order, and names this arm; every phase lasts as long as planned. Missing marks are found
 * by `arm-complete`.
 */
export function phasesAsPlanned({ plan, timeline }: ArmEvidence): EvidenceLine[] {
  const { phases: marks } = timeline;
  const lines: EvidenceLine[] = [];
  for (const name of order) {
    const own = marks.all.filter((mark) => mark.name === name);
    if (own.length > 1) lines.push({ at: own[1]?.at ?? 0, text: `${counted(own.length, 'mark')} of ${name}` });
  }
  const foreign = marks.all.find(({ arm }) => arm !== plan.name);
  if (foreign)
    lines.push({ at: foreign.at, text: `the mark of ${foreign.name} is of the arm ${foreign.arm}, not ${plan.name}` });
  const { warmupMs, baselineMs, quietMs, tailMs } = plan.phases;
  const least: { readonly [phase: string]: Ms } = {
    warmup: warmupMs,
    baseline: baselineMs,
    fault: quietMs,
    tail: tailMs,
  };
  for (const [index, name] of order.entries()) {
    const next = order[index + 1];
    const [from, to] = [marks.start(name), next && marks.start(next)];
    if (next === undefined || from === undefined || to === undefined) continue;
    if (to < from) lines.push({ at: to, text: `${next} began ${between(to, from)} before ${name}` });
    else if (microsToMs(to - from) < (least[name] ?? 0) - shortBy) {
      const planned = exactSeconds(least[name] ?? 0);
      lines.push({ at: from, text: `${name} lasted ${between(from, to)} of ${planned} that were planned` });
    }
  }
  return [...lines, ...stepsOutside(marks.start('fault'), marks.start('tail'), timeline.faults)];
}

/** Disruptions begin in the fault phase and are undone before the tail. */
function stepsOutside(from: Micros | undefined, to: Micros | undefined, faults: readonly FaultStep[]): EvidenceLine[] {
  const within = (at: Micros) => (from === undefined || at >= from) && (to === undefined || at <= to);
  return faults
    .filter(({ at }) => !within(at))
    .map(({ at, id, step }) => ({ at, text: `the ${step} of ${id} lies outside of the fault phase` }));
}
