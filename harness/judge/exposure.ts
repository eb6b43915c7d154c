import type { ArmExposure, EvidenceLine } from '../model/finding.ts';
import type { Connection } from '../model/request.ts';
import { type Micros, microsToMs, msToMicros } from '../model/units.ts';
import { plannedRate } from './checks/planned-rate.ts';
import type { ArmEvidence } from './evidence/arm-evidence.ts';
import { EndpointCounts } from './evidence/endpoint-counts.ts';
import { turnOf } from './evidence/exposure-fold.ts';
import { readyAt, readySince, type TakenPod, takenPods } from './taken-pods.ts';
import type { PodHistory } from './timeline/pod-history.ts';
import { count, counted, listed, percent, secondsInWords } from './words.ts';

/** What is less likely than this is no chance. */
const chanceLimit = 0.001;

/** How long after it is taken a pod may still be asked, at least: rules follow about a second later. */
const riskyLasts: Micros = msToMicros(1000);

/** A client's rules may lead to a pod so long after it is ready: kube-proxy waits a second between syncs, watches are late. */
const routedWithin: Micros = msToMicros(2000);

/** In real recordings 98 % and more were; a server may close some. */
const reusedShare = 0.5;

/** What exposes an arm too little, and what would help. */
interface Gap extends EvidenceLine {
  readonly remedy: string;
}

export interface Exposed {
  /** Absent if nothing was done to the arm. */
  readonly exposure: ArmExposure | undefined;
  readonly gaps: readonly Gap[];
  /** Answers that no pod can have given: they make a loss doubtful, too. */
  readonly contradictions: readonly Gap[];
}

interface Evidence extends ArmEvidence {
  readonly counts: EndpointCounts;
}

const connsOf = ({ plan }: ArmEvidence): Connection[] =>
  (['fresh', 'kept-alive'] as const).filter((conn) => plannedRate(plan, conn) > 0);

/** How far an arm's disruptions met its traffic. Requests are sent, and pods are ready, or there is nothing to expose. */
export function exposed(recorded: ArmEvidence): Exposed {
  const { plan, timeline, phases } = recorded;
  const evidence = { ...recorded, counts: new EndpointCounts(timeline.endpoints.sets) };
  const since = timeline.faults.find(({ step }) => step === 'intent')?.at;
  const taken = stillTaken(evidence);
  const all = readyAt(phases.baseline.to, [...timeline.pods.values()]);
  const aimed = since === undefined ? all.map((pod) => ({ pod, at: phases.tail.to })) : taken;
  const pods = aimed.map(({ pod, at }) => ({ pod, at, gaps: gapsOf(pod, at, evidence, since !== undefined) }));
  const gaps = [
    ...pods.flatMap((each) => each.gaps),
    ...newPods(evidence, taken, since).flatMap((pod) => newPodGaps(pod, evidence)),
    ...reuseGaps(evidence),
  ];
  const contradictions = answersWhileOff(evidence);
  if (pods.length === 0) gaps.push({ text: 'no pod was ready', remedy: 'pods that are ready before the fault' });
  if (since === undefined || plan.disruptions.length === 0) return { exposure: undefined, gaps, contradictions };
  const seconds = merged(pods.map(({ at }) => ({ from: at, to: at + riskyLasts })));
  const ms = seconds.reduce((sum, { from, to }) => sum + microsToMs(to - from), 0);
  const exposure = {
    pods: pods.length,
    exposed: pods.filter((each) => each.gaps.length === 0).length,
    ...(plannedRate(plan, 'kept-alive') > 0 && { connections: keptOpen(pods, evidence) }),
    requests: evidence.exposure.sentIn(seconds),
    riskyMs: Math.round(ms),
  };
  return { exposure, gaps, contradictions };
}

/** Kept connections that were open to pods when each was taken. */
const keptOpen = (pods: readonly TakenPod[], { exposure }: ArmEvidence): number =>
  pods.reduce((sum, { pod }) => sum + exposure.served(pod, 'kept-alive').ports.size, 0);

/** Logs, which were read after the rows, tell the end of a sidecar from that of the process that listens. */
function stillTaken({ exposure, timeline, phases }: ArmEvidence): readonly TakenPod[] {
  const now = new Set(takenPods(timeline, phases).map(({ pod }) => pod));
  return exposure.taken.filter(({ pod }) => now.has(pod));
}

/** Pods that came after the first intent, were ready, and were not taken, too. */
function newPods({ timeline }: ArmEvidence, taken: readonly TakenPod[], since: Micros | undefined): PodHistory[] {
  if (since === undefined) return [];
  const known = new Set(taken.map(({ pod }) => pod));
  return [...timeline.pods.values()].filter(
    (pod) => (pod.seen ?? 0) >= since && readySince(pod) !== undefined && !known.has(pod),
  );
}

/** That of so many connections, a share of which is to a pod, none is. */
const chanceOfNone = (connections: number, share: number): number => (1 - share) ** connections;

/** The fewest connections that leave no chance. */
const neededFor = (share: number): number => (share >= 1 ? 1 : Math.ceil(Math.log(chanceLimit) / Math.log(1 - share)));

interface Chance {
  readonly connections: number;
  readonly endpoints: number;
  readonly seconds: number;
}

/** How often connections of a kind could have been routed to a pod until a moment, while it was a ready endpoint. */
function chanceOf(pod: PodHistory, conn: Connection, to: Micros, evidence: Evidence): Chance {
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

/** Why a pod that a disruption took, or that stood all the time, was not exposed. */
function gapsOf(pod: PodHistory, at: Micros, evidence: Evidence, taken: boolean): Gap[] {
  const { phases } = evidence;
  const stood = (readySince(pod) ?? at) <= phases.baseline.from;
  const unanswered = connsOf(evidence).flatMap((conn): Gap[] => {
    if (evidence.exposure.served(pod, conn).answers > 0) return [];
    const chance = chanceOf(pod, conn, at, evidence);
    // One that came during the fault need not have had a connection of each kind by then.
    if (!stood && chanceOfNone(chance.connections, 1 / chance.endpoints) >= chanceLimit) return [];
    return [neverAsked(pod, conn, chance, evidence, at)];
  });
  if (!taken || unanswered.length > 0) return unanswered;
  return atRisk(pod, at, evidence);
}

/** When it was taken, requests were on their way to it, or could be. */
function atRisk(pod: PodHistory, at: Micros, evidence: Evidence): Gap[] {
  const { exposure } = evidence;
  const routed = pod.endpoint
    .spans()
    .some(({ state, from, to = at }) => state === 'ready' && from <= at && to >= at - riskyLasts);
  return connsOf(evidence).flatMap((conn): Gap[] => {
    const open = exposure.served(pod, conn).ports.size;
    if (open === 0 && !routed)
      return [
        {
          at,
          text: `${pod.name} was no ready endpoint when it was taken, and no ${conn} connection was open to it`,
          remedy: 'a disruption of pods that are ready endpoints',
        },
      ];
    return conn === 'kept-alive' && open > 0 ? keptGaps(pod, at, open, evidence) : freshGaps(pod, at, conn, evidence);
  });
}

/** Each new connection is to any endpoint, for as long as rules may lead to one that was taken. */
function freshGaps({ name }: PodHistory, at: Micros, conn: Connection, { exposure, counts }: Evidence): Gap[] {
  const share = 1 / counts.most(at - riskyLasts, at);
  const sent = exposure.traffic[conn].sent.between(at, at + riskyLasts);
  const needed = neededFor(share);
  if (sent >= needed) return [];
  const chance = chanceOfNone(sent, share);
  return [
    {
      at,
      text: `${counted(sent, `${conn} request`)} in the second after ${name} was taken, of which ${percent(share)} are for it: ${chanceInWords(chance)} that none meets it`,
      remedy: `at least ${count(needed)} ${conn} requests a second`,
    },
  ];
}

/** Kept connections are used in turn: those that are open to the pod are met, if others of them are. */
function keptGaps({ name }: PodHistory, at: Micros, open: number, { exposure, plan }: Evidence): Gap[] {
  const { sent, connections } = exposure.traffic['kept-alive'];
  const turn = turnOf(plan);
  const used = sent.between(at, at + turn);
  const others = Math.max(0, connections - open);
  let chance = 1;
  for (let index = 0; index < Math.min(used, others + 1); index++) chance *= (others - index) / (others + open - index);
  if (chance < chanceLimit) return [];
  return [
    {
      at,
      text: `${counted(used, 'kept-alive request')} in the ${turnSeconds(plan).toFixed(1)} s after ${name} was taken, and ${count(open)} of ${counted(open + others, 'connection')} were open to it: ${chanceInWords(chance)} that none meets it`,
      remedy: 'kept-alive requests that go on while pods are taken, each connection in its turn',
    },
  ];
}

const chanceInWords = (chance: number): string => `a chance of ${percent(chance)}`;

/** Why no request of a kind came to it: too few connections, or what leads them elsewhere. */
function neverAsked(
  { name, ips }: PodHistory,
  conn: Connection,
  { connections, endpoints, seconds }: Chance,
  evidence: ArmEvidence,
  at: Micros,
): Gap {
  const what = `${name} answered no ${conn} request`;
  if (seconds === 0)
    return {
      at,
      text: `${what}, and was no ready endpoint for more than ${microsToMs(routedWithin) / 1000} s before`,
      remedy: 'a Service that selects every pod, well before the fault',
    };
  const chance = chanceOfNone(connections, 1 / endpoints);
  const needed = neededFor(1 / endpoints);
  const had = `${counted(connections, 'connection')} over ${counted(endpoints, 'endpoint')} in ${seconds.toFixed(1)} s`;
  if (chance >= chanceLimit)
    return {
      at,
      text: `${what}: ${had} leave ${chanceInWords(chance)} of that`,
      remedy: moreOf(conn, needed, seconds, evidence),
    };
  const { rules, connections: conntrack, exposure } = evidence;
  const led = [...ips.keys()].some((ip) => conntrack.routed.has(ip));
  if (led)
    return {
      at,
      text: `${what}, though connections were led to it, and ${had} leave no chance of that`,
      remedy: 'a pod that answers before the fault',
    };
  const by = exposure.traffic[conn].answeredBy;
  const onlyOne = by.size === 1 ? `; all of them came to ${[...by].join()}` : '';
  const inRules = rules.sets().some(({ endpoints: all }) => [...ips.keys()].some((ip) => all.has(ip)));
  if (rules.known && !inRules)
    return {
      at,
      text: `${what}: the rules of the client's node never led to it${onlyOne}`,
      remedy: 'no topology routing (trafficDistribution, internalTrafficPolicy), or clients in every zone',
    };
  const like = rules.known ? 'sessionAffinity: ClientIP' : 'sessionAffinity: ClientIP, or topology routing';
  return {
    at,
    text: `${what}: ${had} leave no chance of that${onlyOne}, as with ${like}`,
    remedy: `no ${like}; or as many clients as it takes to reach every pod`,
  };
}

/** What a kind of traffic needs so that no chance is left. */
function moreOf(conn: Connection, needed: number, seconds: number, { plan }: ArmEvidence): string {
  const rate = plannedRate(plan, conn);
  if (conn === 'kept-alive') {
    const perRate = turnSeconds(plan);
    return `at least ${count(needed)} kept-alive connections, which ${count(Math.ceil(needed / perRate))} requests a second keep`;
  }
  const ways = [
    ...(seconds > 0 ? [`at least ${count(Math.ceil(needed / seconds))} fresh requests a second`] : []),
    `${secondsInWords((needed * 1000) / rate)} at ${count(rate)} a second`,
  ];
  return listed(ways, 'or');
}

/** In seconds. */
const turnSeconds = (plan: ArmEvidence['plan']): number => microsToMs(turnOf(plan)) / 1000;

/** A new pod that was ready for long enough was asked before the end. */
function newPodGaps(pod: PodHistory, evidence: Evidence): Gap[] {
  const { phases, exposure, connections } = evidence;
  const to = phases.tail.to;
  const conns = connsOf(evidence);
  const chances = conns.map((conn) => ({ conn, chance: chanceOf(pod, conn, to, evidence) }));
  const asked = conns.some((conn) => exposure.served(pod, conn).answers > 0);
  const missed = chances.filter(
    ({ conn, chance }) =>
      exposure.served(pod, conn).answers === 0 && chanceOfNone(chance.connections, 1 / chance.endpoints) < chanceLimit,
  );
  if (missed.length > 0) return missed.map(({ conn, chance }) => neverAsked(pod, conn, chance, evidence, to));
  const [first] = chances;
  const routed = [...pod.ips.keys()].some((ip) => connections.routed.has(ip));
  if (asked || routed || !first || first.chance.seconds === 0) return [];
  return [neverAsked(pod, first.conn, first.chance, evidence, to)];
}

/** Connections that are meant to be kept are used again. */
function reuseGaps(evidence: ArmEvidence): Gap[] {
  if (plannedRate(evidence.plan, 'kept-alive') === 0) return [];
  const { rows, reused } = evidence.exposure.traffic['kept-alive'].later;
  const turn = turnSeconds(evidence.plan);
  if (rows === 0)
    return [
      {
        text: 'no kept-alive connection could be used again before the fault',
        remedy: `warm-up and baseline of more than ${turn.toFixed(1)} s, in which every connection has its turn`,
      },
    ];
  if (reused >= rows * reusedShare) return [];
  return [
    {
      text: `${count(reused)} of ${counted(rows, 'kept-alive request')} used a connection again in the baseline`,
      remedy: `a server that keeps connections open for more than ${turn.toFixed(1)} s`,
    },
  ];
}

function answersWhileOff({ exposure }: ArmEvidence): Gap[] {
  return [...exposure.whileOff].map(([pod, { count: many, first, node }]) => ({
    at: first.end,
    text: `${pod} gave ${counted(many, 'answer')} while ${node} was off, first ${first.id}`,
    remedy: 'a fault that reaches the pod that answers',
  }));
}

/** Times that overlap are one. */
function merged(times: readonly { readonly from: Micros; readonly to: Micros }[]) {
  const all: { from: Micros; to: Micros }[] = [];
  for (const { from, to } of times.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}
