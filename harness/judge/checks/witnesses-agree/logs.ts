import type { EvidenceLine } from '../../../model/finding.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import type { PodHistory } from '../../timeline/pod-history.ts';
import { isOrphaned, watchLate } from '../watches-match-logs.ts';
import { foundInWords } from './found-in-words.ts';

const clocksApart: Micros = msToMicros(100);

/**
 * Every answered request is in its pod’s log, every logged request has a row, and no pod answers before it listened or
 * after it ended.
 */
export function logsAgree(evidence: ArmEvidence): EvidenceLine[] {
  const { logged } = evidence;
  return [
    ...foundInWords(logged.rowless),
    ...foundInWords(logged.loggedTwice),
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

/**
 * Compares a log with the pod watch: the pod logged nothing before it was seen and answered nothing after it was gone.
 */
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
  // Pods that existed when the watch began are reported later than they are.
  if (first > phases.baseline.from && firstListen !== undefined && firstListen < first - msToMicros(watchLate))
    lines.push({ at: firstListen, text: `${name}: listened before the pod watch saw it` });
  const last = lastOf(pods);
  if (last?.gone === undefined || lastRequest === undefined || isOrphaned(last, timeline)) return lines;
  if (lastRequest > last.gone + clocksApart)
    lines.push({ at: lastRequest, text: `${name}: logged a request after the pod watch saw it gone` });
  return lines;
}

/** The last of the pods that had the same name one after another. */
const lastOf = (pods: readonly PodHistory[]): PodHistory | undefined =>
  pods.toSorted(({ seen: one = 0 }, { seen: other = 0 }) => one - other).at(-1);
