import { count, exactSeconds } from '../../model/number-words.ts';
import { type Micros, microsToMs } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { endedByTermination, listenerEnd } from '../attribution/listener-end.ts';
import { usable } from '../timeline/endpoints.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Check } from './check.ts';

/** A difference of more standard deviations is not chance. */
const deviations = 4;

interface Window {
  readonly pod: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly expected: number;
}

/**
 * As many fresh requests failed at terminated pods as were routed to them: the request rate divided by the endpoints of
 * the client’s rule, for as long as it routed to a closed listener. This is a note and always passes.
 */
export const terminatedAsRouted: Check = {
  id: 'terminated-as-routed',
  ask(evidence) {
    const windows = [...evidence.timeline.pods.values()].flatMap((pod) => windowOf(pod, evidence) ?? []);
    const expected = windows.reduce((sum, each) => sum + each.expected, 0);
    const failed = evidence.failures.filter(
      ({ cause, request }) => cause === 'terminated-still-routed' && request.conn === 'fresh',
    ).length;
    const difference = Math.abs(failed - expected) / Math.sqrt(Math.max(1, expected));
    const words = `${count(failed)} fresh requests failed at terminated pods, ${expected.toFixed(1)} expected from the rate and the endpoints of the rule`;
    return {
      verdict: 'pass',
      expected: `within ${deviations} standard deviations (Poisson); a larger difference is reported`,
      measured: difference > deviations ? `${words}. It is ${difference.toFixed(1)} standard deviations off` : words,
      evidence: windows.map(({ pod, from, to, expected: many }) => ({
        at: from,
        text: `${pod}: routed to for ${exactSeconds(microsToMs(to - from))} after it closed its listener, ${many.toFixed(1)} expected`,
      })),
    };
  },
};

/** From the end of a terminated pod’s listener to the last connection that was routed to it. */
function windowOf(pod: PodHistory, evidence: ArmEvidence): Window | undefined {
  const { connections, generators, phases } = evidence;
  const end = listenerEnd(pod, phases.tail.to);
  const last = connections.routed.get(pod.ip)?.last;
  // A pod that is lost with its node is terminated too, once the control plane gives the node up.
  if (!end || !endedByTermination(pod, end.at) || last === undefined) return undefined;
  const { at: closed } = end;
  const to = Math.min(last, phases.tail.to);
  if (to <= closed) return undefined;
  const rate = generators.find(({ header }) => header?.conn === 'fresh')?.header?.ratePerSecond;
  const share = rulesShare(pod, closed, to, evidence) ?? slicesShare(pod, closed, evidence);
  if (share === undefined || rate === undefined) return undefined;
  return { pod: pod.name, from: closed, to, expected: (rate * share * (to - closed)) / 1e6 };
}

/**
 * The share of all connections that the client’s rules sent to the pod in that time; undefined if no rule is known at
 * its start.
 */
function rulesShare({ ip }: PodHistory, from: Micros, to: Micros, { rules }: ArmEvidence): number | undefined {
  const sets = rules.sets();
  const first = sets.findLastIndex(({ at }) => at <= from);
  if (first < 0) return undefined;
  const sent = sets.slice(first).reduce((sum, { at, endpoints }, index) => {
    const until = Math.min(to, sets[first + index + 1]?.at ?? to);
    return endpoints.has(ip) ? sum + Math.max(0, until - Math.max(at, from)) / endpoints.size : sum;
  }, 0);
  return sent / (to - from);
}

/** The share by the last EndpointSlices that had the pod, if rules were not recorded. */
function slicesShare(pod: PodHistory, closed: Micros, { timeline }: ArmEvidence): number | undefined {
  const rule = timeline.endpoints.sets.findLast((set) => set.at <= closed && usable(set).includes(pod.name));
  return rule && 1 / usable(rule).length;
}
