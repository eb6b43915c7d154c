import { count, counted, exactSeconds, listed } from '../../model/number-words.ts';
import type { Connection } from '../../model/request.ts';
import { type Micros, microsToMs } from '../../model/units.ts';
import { turnSeconds } from '../evidence/exposure-fold.ts';
import { readySince } from '../evidence/taken-pods.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import {
  type Chance,
  chanceInWords,
  chanceLimit,
  chanceOfNone,
  neededFor,
  routedWithin,
  routingChance,
} from './chance.ts';
import { connsOf, type Evidence, type Gap } from './gap.ts';

/** The kinds of traffic that never reached a pod until `at`, although they should have. */
export function neverReachedGaps(pod: PodHistory, at: Micros, evidence: Evidence): Gap[] {
  const { phases } = evidence;
  const stood = (readySince(pod) ?? at) <= phases.baseline.from;
  return connsOf(evidence).flatMap((conn): Gap[] => {
    if (evidence.exposure.served(pod, conn).answers > 0) return [];
    const chance = routingChance(pod, conn, at, evidence);
    // A pod that was added during the fault need not have had a connection of each kind by then.
    if (!stood && chanceOfNone(chance.connections, 1 / chance.endpoints) >= chanceLimit) return [];
    return [neverReached(pod, conn, chance, evidence, at)];
  });
}

/** Checks that a new pod that was ready for long enough got a request before the end. */
export function newPodGaps(pod: PodHistory, evidence: Evidence): Gap[] {
  const { phases, exposure, connections } = evidence;
  const to = phases.tail.to;
  const conns = connsOf(evidence);
  const chances = conns.map((conn) => ({ conn, chance: routingChance(pod, conn, to, evidence) }));
  const asked = conns.some((conn) => exposure.served(pod, conn).answers > 0);
  const missed = chances.filter(
    ({ conn, chance }) =>
      exposure.served(pod, conn).answers === 0 && chanceOfNone(chance.connections, 1 / chance.endpoints) < chanceLimit,
  );
  if (missed.length > 0) return missed.map(({ conn, chance }) => neverReached(pod, conn, chance, evidence, to));
  const [first] = chances;
  const routed = [...pod.ips.keys()].some((ip) => connections.routed.has(ip));
  if (asked || routed || !first || first.chance.seconds === 0) return [];
  return [neverReached(pod, first.conn, first.chance, evidence, to)];
}

/** Why no request of a kind reached the pod: too few connections, or something routes them elsewhere. */
function neverReached(
  pod: PodHistory,
  conn: Connection,
  { connections, endpoints, seconds }: Chance,
  evidence: Evidence,
  at: Micros,
): Gap {
  const { name, ips } = pod;
  const what = `${name} answered no ${conn} request`;
  if (seconds === 0)
    return {
      at,
      text: `${what}, and was not a ready endpoint for more than ${microsToMs(routedWithin) / 1000} s before`,
      remedy: 'a Service that selects every pod, well before the fault',
    };
  const chance = chanceOfNone(connections, 1 / endpoints);
  const needed = neededFor(1 / endpoints);
  const had = `${counted(connections, 'connection')} over ${counted(endpoints, 'endpoint')} in ${seconds.toFixed(1)} s`;
  if (chance >= chanceLimit)
    return {
      at,
      text: `${what}: ${had} leave ${chanceInWords(chance)} that this happens`,
      remedy: moreOf(conn, needed, seconds, evidence),
    };
  const { rules, connections: conntrack, exposure } = evidence;
  // Connections were routed to a pod that answered requests of the other kind. They may all be of that kind.
  const answered = connsOf(evidence).some((each) => exposure.served(pod, each).answers > 0);
  const led = [...ips.keys()].some((ip) => conntrack.routed.has(ip));
  if (led && !answered)
    return {
      at,
      text: `${what}, though connections were routed to it, and ${had} rule out chance`,
      remedy: 'a pod that answers before the fault',
    };
  const by = exposure.traffic[conn].answeredBy;
  const onlyOne = by.size === 1 ? `; all of them went to ${[...by].join()}` : '';
  const inRules = rules.sets().some(({ endpoints: all }) => [...ips.keys()].some((ip) => all.has(ip)));
  if (rules.known && !inRules)
    return {
      at,
      text: `${what}: the rules on the client's node never led to it${onlyOne}`,
      remedy: 'no topology routing (trafficDistribution, internalTrafficPolicy), or clients in every zone',
    };
  const like = rules.known ? 'sessionAffinity: ClientIP' : 'sessionAffinity: ClientIP, or topology routing';
  return {
    at,
    text: `${what}: ${had} rule out chance${onlyOne}, as with ${like}`,
    remedy: `no ${like}; or as many clients as it takes to reach every pod`,
  };
}

/** The load of a kind that rules out chance. */
function moreOf(conn: Connection, needed: number, seconds: number, { plan }: Evidence): string {
  const rate = plannedRate(plan, conn);
  if (conn === 'kept-alive') {
    const perRate = turnSeconds(plan);
    return `at least ${count(needed)} kept-alive connections, which ${count(Math.ceil(needed / perRate))} requests a second keep`;
  }
  const ways = [
    ...(seconds > 0 ? [`at least ${count(Math.ceil(needed / seconds))} fresh requests a second`] : []),
    `${exactSeconds((needed * 1000) / rate)} at ${count(rate)} a second`,
  ];
  return listed(ways, 'or');
}
