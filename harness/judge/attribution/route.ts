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
 * The longest time that a rule may lag behind the EndpointSlice. kube-proxy’s minSyncPeriod (1 s) delays a second
 * change. 1.2 s was measured during a rollout, and 1.7 s on a busy machine.
 */
export const ruleLag: Micros = msToMicros(3000);

/** Whether the request had to open a connection, because it did not reuse one. */
export const dialed = (request: Request): boolean => !request.reused;

export function routeOf(request: Request, served: ServerEntry | undefined, sources: Sources): Route {
  const { timeline, connections, ports } = sources;
  if (request.pod !== '')
    return { kind: 'pod', pod: timeline.pod(request.pod, request.start), by: request.podBy, at: request.start };
  // If connections are missing, the latest known connection of a port need not be the latest.
  const certain = !connections.incomplete || !ports.usedAgain(request);
  const entry = dialed(request) ? connections.openedFor(request) : certain && connections.standingBefore(request);
  if (entry) {
    const pod = dialed(request) ? timeline.podWithIp(entry.endpointIp, request.start) : podOfEntry(entry, sources);
    // An entry may be stamped late. In truth it always lies within its request.
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

/**
 * The pod of a connection that was opened before the request. Its entry may be stamped late, and the address may have
 * been reused.
 */
function podOfEntry({ endpointIp, at }: ConntrackEvent, { timeline, connections }: Sources): PodHistory | undefined {
  const pod = timeline.podWithIp(endpointIp, at);
  return pod === timeline.podWithIp(endpointIp, at - connections.lateAround(at)) ? pod : undefined;
}

/** The route of a connection whose NEW event is missing, by the end of its entry. */
function routeByItsEnd(ended: ConntrackEvent, request: Request, timeline: Timeline): Route {
  const pod = timeline.podWithIp(ended.endpointIp, request.start);
  // After a rejection for lack of an endpoint, a retransmitted packet may have made the entry.
  const sentAgain = ended.at > request.end + epsilon;
  const rejected = sentAgain && mayHaveHadNoEndpoint({ request, timeline });
  return pod && !rejected
    ? { kind: 'pod', pod, by: 'conntrack', at: request.start, entry: ended }
    : { kind: 'unknown' };
}

/** On a busy API server the slice watch was 0.17 s late, so kube-proxy may know a change before us. */
const leastLate = msToMicros(200);
/** At most this lateness is assumed for the slice watch. Otherwise late rules would be mistaken for a late watch. */
const mostLate = msToMicros(1000);

/** How late the slice watch may be, by how late other watches were. */
const watchLate = ({ stamps: { measured = 0 } }: Timeline): Micros =>
  Math.min(mostLate, Math.max(leastLate, measured + 2 * epsilon));

/** The endpoint sets that the rules may have been made from when the request was sent. */
export const setsAround = ({ start }: Request, timeline: Timeline): readonly EndpointSet[] =>
  setsBy(timeline, start, start + watchLate(timeline));

/**
 * All sets from a rule’s lag before `at` until `to`. If the event loop was delayed, a set that is stamped later may be
 * one of them.
 */
const setsBy = ({ endpoints, stamps }: Timeline, at: Micros, to: Micros): readonly EndpointSet[] =>
  endpoints.during(at - ruleLag, to + stamps.longestHeldUp).filter((set) => set.at - stamps.heldUp(set.at) <= to);

/**
 * Whether the Service had no usable endpoint at some time near the request. Then the state of a pod alone does not
 * decide.
 */
export const mayHaveHadNoEndpoint = ({ request, timeline }: Pick<FailureCase, 'request' | 'timeline'>): boolean =>
  setsAround(request, timeline).some(isEmpty);

/**
 * Whether the first packet made no connection and a retransmitted one did: conntrack has the connection much later, or
 * the pod has the request and conntrack no earlier connection. Undefined if conntrack may only have been read late.
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

/** Whether the route is unknown: no connection of the request is recorded, and it may be missing. */
export const mayHaveGoneAnywhere = ({ route, connections }: Pick<FailureCase, 'route' | 'connections'>): boolean =>
  route.kind === 'unknown' || (route.kind === 'no-connection' && connections.incomplete);

/** The pods that a rule on the client’s node may have sent a connection to at that time. */
export function candidates(timeline: Timeline, at: Micros): PodHistory[] {
  const names = new Set(setsBy(timeline, at, at + watchLate(timeline)).flatMap((set) => usable(set)));
  return [...names].map((name) => timeline.pod(name, at));
}

/** Whether the pod’s log has the request, or is incomplete and the connection broke. */
export function mayHaveBeenServed({ request, served, serverLog }: FailureCase, { pod }: Suspect): boolean {
  const broke = !timedOut(request) && !refused(request);
  return served !== undefined || (broke && !serverLog.isWhole(pod.name));
}

/** Whether some lines are known to be missing from the recordings. */
export const isPatchy = ({ connections, serverLog }: Sources): boolean =>
  (connections.lossy && connections.first !== undefined) || serverLog.anyHasHoles;
