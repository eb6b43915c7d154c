import type { EvidenceLine } from '../../model/finding.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { count, listed } from '../../model/words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { Check } from './check.ts';

/** The watches on which verdicts rest saw everything. */
export const watched: Check = {
  id: 'no-watch-gaps',
  ask(evidence) {
    const expected = 'no gap in a watch that something could be missed in, and no pod that only others saw';
    const missed = [...gaps(evidence), ...silentWatches(evidence), ...strangers(evidence)];
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

/** Between its return and the list that closes the gap: a watch is tried again every quarter of a second. */
const listedAfter = msToMicros(5000);

/** A gap is no doubt where the API server was away on purpose, and everything was listed as soon as it was back. */
function gaps({ timeline, phases }: ArmEvidence): EvidenceLine[] {
  const meant = timeline.faults.some(({ step, data }) => step === 'intent' && saysThatWatchesAreSilenced(data));
  const away = meant ? timeline.apiServer.spans().filter(({ state }) => state === 'down') : [];
  const excused = (at: Micros) => away.some(({ from, to = at }) => at >= from && at <= to + listedAfter);
  return timeline.watch
    .filter(({ type, at }) => type === 'gap' && at >= phases.baseline.from && at <= phases.tail.to && !excused(at))
    .map(({ at, subject }) => ({ at, text: `a gap in the ${subject} watch` }));
}

const saysThatWatchesAreSilenced = (data: unknown): boolean =>
  (data as { silencesWatches?: unknown } | null)?.silencesWatches === true;

/** Each lists what there is when it begins. */
const silentWatches = ({ unheard }: ArmEvidence): EvidenceLine[] =>
  unheard.map((source) => ({ text: `the ${source} watch recorded nothing before the baseline` }));

/** Pods that answered, or said that they end, and of which a watch knows nothing: it lost something. */
function strangers({ timeline, generators, phases }: ArmEvidence): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  const answered = new Map(generators.flatMap(({ answeredBy }) => [...answeredBy]));
  for (const [name, at] of answered) {
    const pod = timeline.pods.get(name);
    if (pod?.seen === undefined) lines.push({ at, text: `${name} answered, and the pod watch never saw it` });
    else if (pod.endpoint.spans().length === 0)
      lines.push({ at, text: `${name} answered, and was never seen as an endpoint` });
  }
  for (const pod of timeline.pods.values()) {
    const sigterm = pod.logged('sigterm');
    const unseen =
      sigterm !== undefined && sigterm < phases.tail.to && pod.terminating === undefined && pod.ends.length === 0;
    if (unseen) lines.push({ at: sigterm, text: `${pod.name} got SIGTERM, and the pod watch did not see it end` });
  }
  return lines;
}
