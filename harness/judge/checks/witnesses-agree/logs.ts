import type { EvidenceLine } from '../../../model/finding.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import type { PodHistory } from '../../timeline/pod-history.ts';
import { isOrphaned, watchLate } from '../watch-and-logs-agree.ts';
import { foundInWords } from './found-in-words.ts';

const clocksApart: Micros = msToMicros(100);

/** Every answered request is in its pod's log, every request of a log has a row, and no pod answers before it can or after it is gone. */
export function logsAgree(evidence: ArmEvidence): EvidenceLine[] {
  const { logged } = evidence;
  return [
    ...foundInWords(logged.rowless),
    ...foundInWords(logged.otherwise),
    ...logged
      .pods()
      .flatMap((pod) => [
        ...foundInWords(pod.missing.found()),
        ...foundInWords(pod.tooEarly.found()),
        ...foundInWords(pod.tooLate.found()),
        ...asWatched(pod, evidence),
      ]),
  ];
}

/** Its log beside the pod watch: it wrote nothing before it was seen, and answered nothing after it was gone. */
function asWatched(
  {
    name,
    firstListen,
    lastRequest,
  }: { readonly name: string; readonly firstListen: Micros | undefined; readonly lastRequest: Micros | undefined },
  { timeline, phases }: ArmEvidence,
): EvidenceLine[] {
  const pods = [...timeline.pods.values()].filter((pod) => pod.name === name && pod.seen !== undefined);
  const first = Math.min(...pods.map(({ seen = 0 }) => seen));
  const lines: EvidenceLine[] = [];
  // Those that stood when the watch began are seen later than they are.
  if (first > phases.baseline.from && firstListen !== undefined && firstListen < first - msToMicros(watchLate))
    lines.push({ at: firstListen, text: `${name}: listened before the pod watch saw it` });
  const last = lastOf(pods);
  if (last?.gone === undefined || lastRequest === undefined || isOrphaned(last, timeline)) return lines;
  if (lastRequest > last.gone + clocksApart)
    lines.push({ at: lastRequest, text: `${name}: wrote of a request after the pod watch saw it gone` });
  return lines;
}

/** Of pods that bore the same name one after the other. */
const lastOf = (pods: readonly PodHistory[]): PodHistory | undefined =>
  pods.toSorted(({ seen: one = 0 }, { seen: other = 0 }) => one - other).at(-1);
