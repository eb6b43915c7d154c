import { percent } from '../../model/number-words.ts';
import type { Connection } from '../../model/request.ts';
import { type Micros, microsToMs, msToMicros } from '../../model/units.ts';
import { readySince } from '../evidence/taken-pods.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Evidence } from './gap.ts';

/** An event that is less likely than this counts as impossible. */
export const chanceLimit = 0.001;

/**
 * After a pod is ready, a client’s rules may not lead to it for this long: kube-proxy waits a second between syncs, and
 * watches are late.
 */
export const routedWithin: Micros = msToMicros(2000);

/** The probability that none of these connections goes to a pod that gets this share of them. */
export const chanceOfNone = (connections: number, share: number): number => (1 - share) ** connections;

/** The fewest connections whose `chanceOfNone` is below the limit. */
export const neededFor = (share: number): number =>
  share >= 1 ? 1 : Math.ceil(Math.log(chanceLimit) / Math.log(1 - share));

export interface Chance {
  readonly connections: number;
  readonly endpoints: number;
  readonly seconds: number;
}

/** How many connections of a kind could have been routed to a pod until `to`, while it was a ready endpoint. */
export function routingChance(pod: PodHistory, conn: Connection, to: Micros, evidence: Evidence): Chance {
  const { phases, exposure } = evidence;
  const { sent, opened, connections: known } = exposure.traffic[conn];
  const tally = conn === 'fresh' ? sent : opened;
  const spans = pod.endpoint.spans().flatMap((span) => {
    if (span.state !== 'ready') return [];
    const from = Math.max(span.from + routedWithin, phases.baseline.from);
    const end = Math.min(span.to ?? to, to);
    return end > from ? [{ from, to: end }] : [];
  });
  const stood = (readySince(pod) ?? to) <= phases.warmup.from;
  const connections = spans.reduce((sum, span) => sum + tally.between(span.from, span.to), 0);
  return {
    // Connections kept since the warm-up were opened when this pod was ready too.
    connections: connections + (conn === 'kept-alive' && stood ? known : 0),
    endpoints: spans.reduce((most, { from, to: end }) => Math.max(most, evidence.counts.most(from, end)), 1),
    seconds: spans.reduce((sum, { from, to: end }) => sum + microsToMs(end - from) / 1000, 0),
  };
}

/** `a chance of 0.3 %`. */
export const chanceInWords = (chance: number): string => `a chance of ${percent(chance)}`;
