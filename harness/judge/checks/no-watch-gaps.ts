import type { EvidenceLine } from '../../model/finding.ts';
import { count, listed } from '../../model/number-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { Check } from './check.ts';

/** The watches that verdicts rely on missed nothing. */
export const noWatchGaps: Check = {
  id: 'no-watch-gaps',
  ask(evidence) {
    const expected = 'no gap in a watch that could have missed something, and no pod that the watches did not report';
    const missed = [...gaps(evidence), ...silentWatches(evidence), ...unwatchedPods(evidence)];
    if (missed.length === 0) {
      return { verdict: 'pass', expected, measured: `${count(evidence.timeline.pods.size)} pods watched, no gap` };
    }
    const moments = missed.flatMap(({ at }) => (at === undefined ? [] : [at]));
    const since = moments.length === missed.length ? Math.min(...moments) : undefined;
    return {
      verdict: 'inconclusive',
      expected,
      measured: listed(missed.map(({ text }) => text)),
      evidence: missed,
      since,
    };
  },
};

/**
 * The time from the API server’s return to the list that closes the gap. A watch is retried every quarter of a second.
 */
const listedAfter = msToMicros(5000);

/** A gap is no doubt if a disruption kept the API server down and the watch listed again right after it was back. */
function gaps({ timeline, phases }: ArmEvidence): EvidenceLine[] {
  const meant = timeline.faults.some(({ step, data }) => step === 'intent' && saysThatWatchesAreSilenced(data));
  const apiServerDown = meant ? timeline.apiServer.spans().filter(({ state }) => state === 'down') : [];
  const excused = (at: Micros) => apiServerDown.some(({ from, to = at }) => at >= from && at <= to + listedAfter);
  return timeline.watch
    .filter(({ type, at }) => type === 'gap' && at >= phases.baseline.from && at <= phases.tail.to && !excused(at))
    .map(({ at, subject }) => ({ at, text: `a gap in the ${subject} watch` }));
}

const saysThatWatchesAreSilenced = (data: unknown): boolean =>
  (data as { silencesWatches?: unknown } | null)?.silencesWatches === true;

/** Watches that reported nothing. Each of them lists its objects when it begins. */
const silentWatches = ({ unheard }: ArmEvidence): EvidenceLine[] =>
  unheard.map((source) => ({ text: `the ${source} watch recorded nothing before the baseline` }));

/** Pods that answered, or logged that they end, without a report of the watch: then the watch missed something. */
function unwatchedPods({ timeline, generators, phases }: ArmEvidence): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  const answered = new Map(generators.flatMap(({ answeredBy }) => [...answeredBy]));
  for (const [name, at] of answered) {
    const pod = timeline.pods.get(name);
    if (pod?.seen === undefined) lines.push({ at, text: `${name} answered, but the pod watch never reported it` });
    else if (pod.endpoint.spans().length === 0)
      lines.push({ at, text: `${name} answered, but was never reported as an endpoint` });
  }
  for (const pod of timeline.pods.values()) {
    const sigterm = pod.logged('sigterm');
    const unseen =
      sigterm !== undefined && sigterm < phases.tail.to && pod.terminating === undefined && pod.ends.length === 0;
    if (unseen) lines.push({ at: sigterm, text: `${pod.name} got SIGTERM, but the pod watch did not report its end` });
  }
  return lines;
}
