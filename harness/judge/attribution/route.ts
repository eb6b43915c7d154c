import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import { epsilon, sentAgain } from '../evidence/connections.ts';
import type { ServerEntry } from '../evidence/server-log.ts';
import { type EndpointSet, isEmpty, usable } from '../timeline/endpoints.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { FailureCase, Route, Sources, Suspect } from './failure-case.ts';
import { refused, timedOut } from './outcome.ts';

/**
 * How long a rule may differ from the EndpointSlice: kube-proxy's minSyncPeriod (1 s) makes a second change wait. Inside
 * a rollout 1.2 s was measured, and 1.7 s on a busy machine.
 */
export const ruleLag: Micros = msToMicros(3000);

/** The request was to open a connection; one that was reused only had to be written to. */
export const dialed = (request: Request): boolean => !request.reused;

export function routeOf(request: Request, served: ServerEntry | undefined, sources: Sources): Route {
  const { timeline, connections, ports } = sources;
  if (request.pod !== '')
    return { kind: 'pod', pod: timeline.pod(request.pod, request.start), by: request.podBy, at: request.start };
  // Where connections were lost, the latest one that is known need not be the latest.
  const certain = !connections.incomplete || !ports.usedAgain(request);
  const entry = dialed(request) ? connections.openedFor(request) : certain && connections.standingBefore(request);
  if (entry) {
    const pod = dialed(request) ? timeline.podWithIp(entry.endpointIp, request.start) : podOfEntry(entry, sources);
    // An entry may be stamped late, and never truly lies outside its request.
    const at = dialed(request) ? Math.min(Math.max(entry.at, request.start), request.end) : request.start;
    return pod
      ? { kind: 'pod', pod, by: 'conntrack', at, entry }
      : { kind: 'stranger', ip: entry.endpointIp, clusterIp: entry.dst, at };
  }
  if (served) return { kind: 'pod', pod: timeline.pod(served.pod, served.start), by: 'inferred', at: request.start };
  const ended = dialed(request) && !ports.usedAgain(request) ? connections.endedUnseen(request) : undefined;
  if (ended) return routeByItsEnd(ended, request, timeline);
  const recorded = connections.first !== undefined && connections.first <= request.start + epsilon;
  if (!recorded || connections.lossy || request.sport === 0) return { kind: 'unknown' };
  const older = dialed(request) ? connections.standingBefore(request) : undefined;
  if (!older) return { kind: 'no-connection' };
  return { kind: 'old-entry', entry: older, pod: podOfEntry(older, sources) };
}

/** The pod of a connection that began before: its entry may have been stamped late, and the address given on meanwhile. */
function podOfEntry({ endpointIp, at }: ConntrackEvent, { timeline, connections }: Sources): PodHistory | undefined {
  const pod = timeline.podWithIp(endpointIp, at);
  return pod === timeline.podWithIp(endpointIp, at - connections.lateAround(at)) ? pod : undefined;
}

/** A connection whose beginning was lost, by the end of its entry. */
function routeByItsEnd(ended: ConntrackEvent, request: Request, timeline: Timeline): Route {
  const pod = timeline.podWithIp(ended.endpointIp, request.start);
  // Of one that was rejected for want of an endpoint, a packet that was sent again may have made the entry.
  const sentAgain = ended.at > request.end + epsilon;
  const rejected = sentAgain && mayHaveHadNoEndpoint({ request, timeline });
  return pod && !rejected
    ? { kind: 'pod', pod, by: 'conntrack', at: request.start, entry: ended }
    : { kind: 'unknown' };
}

/** The slice watch of a busy API server was seen 0.17 s late: kube-proxy may know before us. */
const leastLate = msToMicros(200);
/** The watch is not trusted to be later: what the rules learned later would be taken for it. */
const mostLate = msToMicros(1000);

/** How late the slice watch may be, by how late others were. */
const watchLate = ({ stamps: { measured = 0 } }: Timeline): Micros =>
  Math.min(mostLate, Math.max(leastLate, measured + 2 * epsilon));

/** The endpoints of the Service as the rules may have known them when the request was sent. */
export const setsAround = ({ start }: Request, timeline: Timeline): readonly EndpointSet[] =>
  setsBy(timeline, start, start + watchLate(timeline));

/** All sets from a rule's lag before a moment to another one; a set that a held-up loop stamped later may be one of them. */
const setsBy = ({ endpoints, stamps }: Timeline, at: Micros, to: Micros): readonly EndpointSet[] =>
  endpoints.during(at - ruleLag, to + stamps.longestHeldUp).filter((set) => set.at - stamps.heldUp(set.at) <= to);

/** At some instant near it the Service had no usable endpoint: a pod's state alone then does not decide. */
export const mayHaveHadNoEndpoint = ({ request, timeline }: Pick<FailureCase, 'request' | 'timeline'>): boolean =>
  setsAround(request, timeline).some(isEmpty);

/**
 * Whether its first packet made no connection, and one that was sent again did: conntrack has the connection so much
 * later, or its pod has the request and conntrack no earlier connection. Undefined if conntrack may just have read
 * it late.
 */
export function hadToBeSentAgain({ request, route, served, connections }: FailureCase): boolean | undefined {
  const { start, end } = request;
  if (route.kind !== 'pod' || !dialed(request) || end - start < sentAgain) return false;
  if (route.by === 'inferred')
    return served !== undefined && served.start - start >= sentAgain && !connections.incomplete;
  const entry = route.entry?.event === 'new' ? route.entry : undefined;
  if (!entry || entry.at - start < sentAgain) return false;
  return entry.at - start > connections.lateAround(entry.at) + 2 * epsilon ? true : undefined;
}

/** Nothing tells where it went: no connection of it is known, and it may have been lost. */
export const mayHaveGoneAnywhere = ({ route, connections }: Pick<FailureCase, 'route' | 'connections'>): boolean =>
  route.kind === 'unknown' || (route.kind === 'no-connection' && connections.incomplete);

/** The pods that a rule on the client's node may have sent a connection to at a moment. */
export function candidates(timeline: Timeline, at: Micros): PodHistory[] {
  const names = new Set(setsBy(timeline, at, at + watchLate(timeline)).flatMap((set) => usable(set)));
  return [...names].map((name) => timeline.pod(name, at));
}

/** Its pod wrote of it; or the connection broke, and the pod's log is not whole. */
export function mayHaveBeenServed({ request, served, serverLog }: FailureCase, { pod }: Suspect): boolean {
  const broke = !timedOut(request) && !refused(request);
  return served !== undefined || (broke && !serverLog.isWhole(pod.name));
}

/** Recorders are known to have lost lines here and there: what is not recorded may still have been. */
export const isPatchy = ({ connections, serverLog }: Sources): boolean =>
  (connections.lossy && connections.first !== undefined) || serverLog.anyHasHoles;
