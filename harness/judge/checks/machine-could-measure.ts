import type { EvidenceLine } from '../../model/finding.ts';
import { longestPause, machineLimits } from '../../model/machine-limits.ts';
import { counted, exactSeconds, percent } from '../../model/number-words.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { Answer, Check } from './check.ts';
import { type Doubt, slowness } from './slow-machine.ts';
import { stallAcross, stallInWords, stallsByGenerator } from './stalls.ts';
import { outageInWords, unplannedOutages } from './unplanned-outages.ts';

const { lateMs, pauseMs, stolen } = machineLimits;
const expected = `99 % sent within ${lateMs} ms, no pause beyond ${exactSeconds(pauseMs)}, at most ${percent(stolen)} of the CPU time stolen, no node lost but by a disruption`;

/**
 * The generators sent on time, and the machine caused nothing that looks like a fault. What a machine could not measure
 * says nothing about the workload, so the finding names what used the CPU and what to do.
 */
export const machineCouldMeasure: Check = {
  id: 'machine-could-measure',
  ask(evidence) {
    const { generators, phases, timeline } = evidence;
    if (timeline.unmeasurable) return endedBefore(timeline.unmeasurable, evidence);
    const doubts = [
      ...slowness(evidence),
      ...generators.flatMap((load) => pause(load, evidence)),
      ...lostInAStall(evidence),
      ...outages(evidence),
    ];
    if (doubts.length === 0) return { verdict: 'pass', expected, measured: onTime(evidence) };
    return {
      verdict: 'inconclusive',
      expected,
      measured: [...doubts.map(({ text }) => text), ...usersInWords(evidence)].join('; ') + remedy(doubts, evidence),
      evidence: [
        ...doubts.map(({ at, text }) => ({ text, ...(at !== undefined && { at }) })),
        ...hostEvidence(evidence),
      ],
      since: doubts.every(({ before }) => before) ? phases.baseline.from : undefined,
    };
  },
};

/** The recorder had asked the same at the end of the baseline. */
function endedBefore({ at, why }: { readonly at: Micros; readonly why: string }, evidence: ArmEvidence): Answer {
  const text = `the arm ended before the fault: ${why}`;
  return {
    verdict: 'inconclusive',
    expected,
    measured: [text, ...usersInWords(evidence)].join('; ') + makeRoom(evidence),
    evidence: [{ at, text }, ...hostEvidence(evidence)],
    since: at,
  };
}

function onTime({ generators, machine }: ArmEvidence): string {
  const late = Math.max(0, ...generators.map((load) => load.late.quantile(0.99)));
  const open = generators.filter(({ closed }) => !closed);
  const sent = [
    ...(open.length > 0 ? [`99 % sent within ${late.toFixed(1)} ms`] : []),
    ...(open.length < generators.length ? ['a closed load has no due times'] : []),
  ];
  const share = machine.stolen.judged.value;
  return [
    ...sent,
    share === undefined ? 'the CPU time was not recorded' : `${percent(share)} of the CPU time stolen`,
  ].join(', ');
}

/** While nothing was sent, nothing could be lost. */
function pause({ gen, header, sent }: GeneratorLoad, { plan, phases }: ArmEvidence): Doubt[] {
  const rate = header ? plannedRate(plan, header.conn) : 0;
  if (rate === 0) return [];
  const limit = longestPause(rate);
  const longest = sent.longestGap({ from: phases.baseline.from, to: phases.tail.to });
  if (longest.ms <= limit) return [];
  const before = sent.longestGap(phases.baseline).ms > limit;
  return [{ at: longest.at, text: `${gen}: sent nothing for ${exactSeconds(longest.ms)}`, before }];
}

/**
 * Requests that a treatment lost although it must not, and that a stall may have caused. In other arms a loss is
 * expected.
 */
function lostInAStall(evidence: ArmEvidence): Doubt[] {
  const { role, expect } = evidence.plan;
  if (role !== 'treatment' || expect.kind !== 'no-loss') return [];
  const stalls = stallsByGenerator(evidence);
  const across = evidence.failures.flatMap(({ request }) => stallAcross(stalls.get(request.gen) ?? [], request) ?? []);
  const [first] = across;
  if (!first) return [];
  const text = `${counted(across.length, 'request')} failed while the machine stood still: ${stallInWords(first)}`;
  return [{ at: first.from, text, before: first.to < evidence.phases.fault.from }];
}

/** An arm without a disruption is checked for any event by `nothing-disturbed`. */
function outages(evidence: ArmEvidence): Doubt[] {
  if (evidence.plan.disruptions.length === 0) return [];
  return unplannedOutages(evidence).map((outage) => ({
    at: outage.from,
    text: outageInWords(outage),
    before: outage.from < evidence.phases.fault.from,
    isOutage: true,
  }));
}

/** What used the CPU, as far as it was recorded. */
function usersInWords({ machine: { used } }: ArmEvidence): string[] {
  const all = used.all.value;
  if (all === undefined) return [];
  const known = [
    { who: 'the workload’s pods', share: used.workload.value },
    { who: 'other pods', share: used.otherPods.value },
    { who: 'holdfast', share: sumOfKnown(used.recorder.value, used.helpers.value) },
  ].flatMap(({ who, share }) => (share === undefined ? [] : [{ who, share }]));
  const others = Math.max(0, all - known.reduce((sum, { share }) => sum + share, 0));
  const shares = [...known, { who: 'all else', share: others }].map(({ who, share }) => `${who} ${percent(share)}`);
  return [`of the CPU time ${percent(all)} was used: ${shares.join(', ')}`];
}

/** Undefined if none is known. */
const sumOfKnown = (...shares: readonly (number | undefined)[]): number | undefined =>
  shares.reduce((sum, share) => (share === undefined ? sum : (sum ?? 0) + share), undefined);

/** A lost node does not need more CPU. */
const remedy = (doubts: readonly Doubt[], evidence: ArmEvidence): string =>
  doubts.some(({ isOutage }) => !isOutage) ? makeRoom(evidence) : '';

/** Advice for more CPU, by what used most of it. */
function makeRoom({ machine: { used } }: ArmEvidence): string {
  const [workload, all] = [used.workload.value ?? 0, used.all.value ?? 0];
  return workload > all / 2
    ? '. Plan a lower rate, or give the machine more processors'
    : '. Stop what else runs on this machine, or give it more processors';
}

/** What the machine did at that time: a generator without CPU sends late. */
function hostEvidence({ clock: { loopDelay, steal, busy } }: ArmEvidence): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  if (loopDelay)
    lines.push({ at: loopDelay.at, text: `holdfast's event loop was delayed by ${loopDelay.value.toFixed(0)} ms` });
  if (steal)
    lines.push({ at: steal.at, text: `at most ${(steal.value * 100).toFixed(0)} % of the CPU time was stolen` });
  if (busy) lines.push({ at: busy.at, text: `at most ${(busy.value * 100).toFixed(0)} % of the CPU time was used` });
  return lines;
}
