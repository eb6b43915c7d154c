import { count, listed } from '../../model/number-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { ArmEvidence, Failure } from '../arm/arm-evidence.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';
import type { Answer, Check } from './check.ts';
import { slownessAllAlong } from './slow-machine.ts';
import { stallAcross, stallInWords, stallsByGenerator } from './stalls.ts';
import { outageInWords, unplannedOutages } from './unplanned-outages.ts';

/** Why a failure does not count against the workload, in words; undefined if it counts. */
export type WhyNot = (failure: Failure) => string | undefined;

/** A slow machine delays requests. It neither refuses them nor answers them with an error. */
const waited: Micros = msToMicros(250);

/**
 * A failure counts against a treatment only if it began after the first injection, on a node without an unplanned
 * outage, while the machine could measure.
 */
export function whyNotCounted(evidence: ArmEvidence): WhyNot {
  const injected = evidence.timeline.faults.find(({ step }) => step === 'intent')?.at;
  const outages = firstOfEachNode(unplannedOutages(evidence));
  const stalls = stallsByGenerator(evidence);
  const slow = slownessAllAlong(evidence)[0]?.text;
  const { why: notComparable } = evidence.clockDifferences;
  return (failure) => {
    const { request } = failure;
    if (notComparable !== undefined) return notComparable;
    const { gen, start, end } = request;
    if (injected === undefined || start < injected) return 'sent before the injection';
    const stall = stallAcross(stalls.get(gen) ?? [], request);
    if (stall) return `sent while the machine stood still (${stallInWords(stall)})`;
    if (slow && end - start >= waited) return `waited on a machine that was slow all along (${slow})`;
    if (outages.size === 0) return undefined;
    const { pod } = failure.why();
    const node = pod === '' ? '' : evidence.timeline.pod(pod, start).node;
    // A request whose pod is unknown may have gone to any node.
    const outage = node === '' ? [...outages.values()].find(({ earliest }) => earliest <= end) : outages.get(node);
    return outage && outage.earliest <= end ? outageInWords(outage) : undefined;
  };
}

function firstOfEachNode(outages: readonly NodeOutage[]): ReadonlyMap<string, NodeOutage> {
  const first = new Map<string, NodeOutage>();
  for (const outage of outages) if (!first.has(outage.node)) first.set(outage.node, outage);
  return first;
}

/** `3 of them do not count against the workload: sent before the injection`; empty if all count. */
export function notCountedInWords(failures: readonly Failure[], whyNot: WhyNot): string {
  const reasons = failures.flatMap((failure) => whyNot(failure) ?? []);
  if (reasons.length === 0) return '';
  return `${count(reasons.length)} of them do not count against the workload: ${listed([...new Set(reasons)].slice(0, 3))}`;
}

/**
 * The same check, but it is inconclusive instead of failing if the machine may be the reason: an unplanned outage of a
 * node or, if `time` is measured, a stall since the injection.
 */
export const unlessMachineCaused = (check: Check, time: boolean): Check => ({
  ...check,
  ask(evidence): Answer {
    const answer = check.ask(evidence);
    if (answer.verdict !== 'fail') return answer;
    const ofTime = time ? [...stallsSince(evidence), ...clocksApart(evidence)] : [];
    const reasons = [...unplannedOutages(evidence).map(outageInWords), ...ofTime];
    if (reasons.length === 0) return answer;
    const measured = `${answer.measured}. The workload may not be the reason: ${listed([...new Set(reasons)].slice(0, 3))}`;
    return { ...answer, verdict: 'inconclusive', measured };
  },
});

const clocksApart = ({ clockDifferences: { pods, why } }: ArmEvidence): string[] =>
  why !== undefined ? [why] : [...pods].map((pod) => `the log of ${pod} was stamped by another clock`);

function stallsSince(evidence: ArmEvidence): string[] {
  const injected = evidence.timeline.faults.find(({ step }) => step === 'intent')?.at ?? 0;
  const own = [...stallsByGenerator(evidence).values()].flat();
  const all = own.length > 0 ? own : evidence.machine.stalls;
  return [
    ...all.filter(({ to }) => to >= injected).map(stallInWords),
    ...slownessAllAlong(evidence).map(({ text }) => text),
  ];
}
