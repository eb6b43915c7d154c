import type { Connection } from '../../model/request.ts';
import { type Micros, microsToMs, msToMicros } from '../../model/units.ts';
import { percent } from '../../model/words.ts';
import { readySince } from '../evidence/taken-pods.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Evidence } from './gap.ts';

/** What is less likely than this is no chance. */
export const chanceLimit = 0.001;

/** A client's rules may lead to a pod so long after it is ready: kube-proxy waits a second between syncs, watches are late. */
export const routedWithin: Micros = msToMicros(2000);

/** That of so many connections, a share of which is to a pod, none is. */
export const chanceOfNone = (connections: number, share: number): number => (1 - share) ** connections;

/** The fewest connections that leave no chance. */
export const neededFor = (share: number): number =>
  share >= 1 ? 1 : Math.ceil(Math.log(chanceLimit) / Math.log(1 - share));

export interface Chance {
  readonly connections: number;
  readonly endpoints: number;
  readonly seconds: number;
}

/** How often connections of a kind could have been routed to a pod until a moment, while it was a ready endpoint. */
export function chanceOf(pod: PodHistory, conn: Connection, to: Micros, evidence: Evidence): Chance {
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
    // What is kept from the warm-up on was opened when this pod was ready, too.
    connections: connections + (conn === 'kept-alive' && stood ? known : 0),
    endpoints: spans.reduce((most, { from, to: end }) => Math.max(most, evidence.counts.most(from, end)), 1),
    seconds: spans.reduce((sum, { from, to: end }) => sum + microsToMs(end - from) / 1000, 0),
  };
}

/** `a chance of 0.3 %`. */
export const chanceInWords = (chance: number): string => `a chance of ${percent(chance)}`;
