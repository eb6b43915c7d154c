import type { Request } from '../../model/request.ts';
import { epsilon } from '../evidence/connections.ts';
import type { ServerEntry } from '../evidence/server-log.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { crashWindow } from './crash-window.ts';
import { dnsFailure } from './dns-failure.ts';
import type { Attribution, CauseRule, FailureCase, PodCauseRule, Sources, Suspect } from './failure-case.ts';
import { withFrozenControlPlane } from './frozen-control-plane.ts';
import { generatorFault } from './generator-fault.ts';
import { httpError } from './http-error.ts';
import { keepAliveCloseRace } from './keep-alive-close-race.ts';
import { killedInFlight } from './killed-in-flight.ts';
import { hadNoListener } from './listener-end.ts';
import { noEndpoint } from './no-endpoint.ts';
import { nodeCutOff } from './node-cut-off.ts';
import { lostWithItsNode, nodeDown, outageOf } from './node-down.ts';
import { notListeningYet } from './not-listening-yet.ts';
import { refused } from './outcome.ts';
import { overload } from './overload.ts';
import { responseLost } from './response-lost.ts';
import {
  candidates,
  dialed,
  hadToBeSentAgain,
  isPatchy,
  mayHaveGoneAnywhere,
  mayHaveHadNoEndpoint,
  routeOf,
} from './route.ts';
import { staleConntrack } from './stale-conntrack.ts';
import { terminatedStillRouted } from './terminated-still-routed.ts';
import { notComparable, unattributed } from './unattributed.ts';

/** Rules about the state of a pod, in the order of the taxonomy. */
const podRules: readonly PodCauseRule[] = [
  notListeningYet,
  terminatedStillRouted,
  crashWindow,
  keepAliveCloseRace,
  nodeCutOff,
];

/**
 * Explains a failure by the state of its pod: of the pod that got the request, or of every pod that may have got it.
 */
const byPod: CauseRule = (failure) => {
  const { route } = failure;
  if (route.kind === 'pod') {
    // Its first packet reached no pod, so the state of the pod that a later packet reached does not explain it.
    const late = hadToBeSentAgain(failure) !== false && mayHaveHadNoEndpoint(failure);
    return late ? undefined : explain(failure, route);
  }
  // An old conntrack entry of its source port may have sent it to any pod. If lines were lost, there may be other pods.
  const decides = !failure.ports.usedAgain(failure.request) && !isPatchy(failure);
  const suspects = decides ? suspectsOf(failure) : [];
  const possible = suspects.flatMap((suspect) => explain(failure, suspect) ?? []);
  const explained = new Set(possible.map(({ pod }) => pod));
  if (suspects.some(({ pod }) => !explained.has(pod.name) && !isCleared(failure, pod))) return undefined;
  const [only] = possible;
  if (!only || possible.some(({ cause }) => cause !== only.cause) || mayHaveHadNoEndpoint(failure)) return undefined;
  if (possible.length === 1) return only;
  // All possible pods lead to the same cause.
  const evidence = () => possible.map(({ words }) => ({ text: `possible: ${words}` }));
  return { ...only, pod: '', podBy: 'none', words: `${only.words}; or another pod in the same state`, evidence };
};

function explain(failure: FailureCase, suspect: Suspect): Attribution | undefined {
  // If the node of the pod failed first, the end of the pod is not the cause. A log with missing lines proves nothing.
  const outage = outageOf(failure, suspect.pod);
  if (outage && !hadNoListener(failure.request, suspect.pod, outage)) return nodeDown(failure, suspect);
  if (failure.serverLog.hasHoles(suspect.pod.name)) return undefined;
  for (const rule of podRules) {
    const found = rule(failure, suspect);
    if (found) return found;
  }
  return undefined;
}

/** A pod that listens does not refuse connections. A request without any answer may have gone to any pod. */
const isCleared = ({ request }: FailureCase, pod: PodHistory): boolean =>
  refused(request) &&
  pod.listening().some(({ from, to }) => from <= request.start && request.end <= (to ?? request.end));

/** Every pod that may have got the request; none if its pod is known. */
function suspectsOf(failure: FailureCase): Suspect[] {
  const { request, timeline } = failure;
  if (!mayHaveGoneAnywhere(failure) || !dialed(request)) return [];
  return candidates(timeline, request.start).map((pod) => ({ pod, at: request.start, by: 'inferred' }));
}

/** In the order of the taxonomy; the pod’s own state is one step. The first rule that matches decides. */
const rules: readonly CauseRule[] = [
  generatorFault,
  dnsFailure,
  lostWithItsNode,
  killedInFlight,
  responseLost,
  overload,
  noEndpoint,
  byPod,
  staleConntrack,
  httpError,
];

/** What a pod logged about this attempt. If there is a `next` attempt, entries from its start on belong to that one. */
function servedFor({ id }: Request, { serverLog }: Sources, next: Request | undefined): ServerEntry | undefined {
  const entry = serverLog.trusted(id);
  return next && entry && entry.start >= next.start - epsilon ? undefined : entry;
}

/**
 * Determines why an attempt failed, by the state of the cluster at that time first and by its error code second. It
 * never guesses. `next` is the client’s next attempt of the same request; absent for the last one.
 */
export function attribute(request: Request, sources: Sources, next?: Request): Attribution {
  const served = servedFor(request, sources, next);
  const failure: FailureCase = { ...sources, request, served, route: routeOf(request, served, sources) };
  for (const rule of rules) {
    const found = rule(failure);
    if (found) return withFrozenControlPlane(found, failure);
  }
  return unattributed(
    failure,
    suspectsOf(failure).flatMap((suspect) => explain(failure, suspect) ?? []),
  );
}

/** Rules that need only the row. */
const rowRules: readonly CauseRule[] = [generatorFault, dnsFailure, httpError];

/** Attributes a request whose times cannot be compared with other recordings. `why` says why not, in words. */
export function attributeAlone(request: Request, sources: Sources, why: string): Attribution {
  const failure: FailureCase = { ...sources, request, served: undefined, route: { kind: 'unknown' } };
  for (const rule of rowRules) {
    const found = rule(failure);
    if (found) return found;
  }
  return notComparable(request, why);
}
