import type { Cause } from '../../harness/model/cause.ts';
import type { EvidenceLine, FailedRequest, PodLane } from '../../harness/model/finding.ts';
import type { Connection } from '../../harness/model/request.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';

/** One request that failed, before it is written down as one. */
export interface Loss {
  readonly at: Micros;
  readonly conn: Connection;
  readonly cause: Cause;
  /** Absent where no pod is to blame. */
  readonly pod?: string;
  readonly words: string;
  readonly evidence: readonly EvidenceLine[];
}

/** How each of these causes looks to the client. */
const answers: {
  readonly [cause in Cause]?: { readonly code: number; readonly err: string; readonly tookMs: number };
} = {
  'keep-alive-close-race': { code: 1000, err: 'EOF', tookMs: 6.4 },
  'node-down': { code: 1050, err: 'request timeout', tookMs: 2_000 },
  'lost-with-its-node': { code: 1050, err: 'request timeout', tookMs: 2_000 },
};
const refused = { code: 1212, err: 'dial tcp 10.96.41.7:80: connect: connection refused', tookMs: 0.9 };

/** In the order of their start. */
export const failedRequests = (losses: readonly Loss[]): FailedRequest[] =>
  losses.toSorted((one, other) => one.at - other.at).map((loss, index) => failedRequest(loss, index * 7 + 1204));

function failedRequest({ at, conn, cause, pod = '', words, evidence }: Loss, seq: number): FailedRequest {
  const gen = conn === 'fresh' ? 'fresh' : 'kept';
  const { code, err, tookMs } = answers[cause] ?? refused;
  return {
    request: {
      gen,
      conn,
      seq,
      id: `${gen}-${seq}`,
      due: at - 400,
      start: at,
      end: at + msToMicros(tookMs),
      code,
      err,
      status: 0,
      reused: conn === 'kept-alive',
      attempt: 1,
      connection: 0,
      source: '10.244.1.5',
      protocol: 'HTTP/1.1',
      podBy: 'header',
      sport: 32_768 + ((seq * 131) % 28_000),
      dst: '10.96.41.7:80',
      pod: '',
      node: '',
      version: '',
    },
    phase: 'fault',
    cause,
    pod,
    podBy: pod === '' ? 'none' : 'conntrack',
    words,
    evidence,
  };
}

/** Moments at random, so many a second. */
export function arrivals(from: Micros, to: Micros, perSecond: number, random: () => number): Micros[] {
  const found: Micros[] = [];
  for (let at = from; ; ) {
    at += Math.round((-Math.log(1 - random()) / perSecond) * 1e6);
    if (at >= to) return found;
    found.push(at);
  }
}

/** Every request between two moments, none of which finds an endpoint: three of each five on fresh connections. */
export function nobodyThere(from: Micros, to: Micros, perSecond: number): Loss[] {
  const evidence = [{ at: from, text: 'slice: 0 ready' }];
  const words = 'Refused: the Service had no ready endpoint, and none that was terminating and still served.';
  return Array.from({ length: Math.floor(((to - from) / 1e6) * perSecond) }, (_, index) => ({
    at: from + Math.round((index * 1e6) / perSecond),
    conn: index % 5 < 3 ? ('fresh' as const) : ('kept-alive' as const),
    cause: 'no-endpoint' as const,
    words,
    evidence,
  }));
}

/** What is sent to pods whose node is down, in turn, so many requests a second. */
export function onDeadNode(lanes: readonly PodLane[], from: Micros, to: Micros, perSecond: number): Loss[] {
  const losses = Array.from({ length: Math.floor(((to - from) / 1e6) * perSecond) }, (_, index): Loss[] => {
    const lane = lanes[index % lanes.length];
    if (!lane) return [];
    const { pod, node } = lane;
    const at = from + Math.round((index * 1e6) / perSecond);
    const open = index % 5 > 2 && at - from < 1e6;
    const evidence = [{ at: from, text: `${node}: powered off` }];
    return open
      ? [
          {
            at,
            conn: 'kept-alive',
            cause: 'lost-with-its-node',
            pod,
            words: `On a connection to ${pod}, whose node ${node} was powered off.`,
            evidence,
          },
        ]
      : [
          {
            at,
            conn: index % 5 > 2 ? 'kept-alive' : 'fresh',
            cause: 'node-down',
            pod,
            words: `No answer within 2 s: ${pod} was still routed to, and its node ${node} was powered off.`,
            evidence,
          },
        ];
  });
  return losses.flat();
}
