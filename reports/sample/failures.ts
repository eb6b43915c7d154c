import type { Cause } from '../../harness/model/cause.ts';
import type { FailedRequest, PodLane } from '../../harness/model/finding.ts';
import type { Connection } from '../../harness/model/request.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';
import { exactSeconds } from '../words/number.ts';

interface Loss {
  readonly at: Micros;
  readonly conn: Connection;
  readonly cause: Cause;
  readonly lane: PodLane;
}

/** The requests that such lanes lose at 100 fresh and 60 kept-alive requests a second, in order of their start. */
export function failures(lanes: readonly PodLane[], random: () => number): FailedRequest[] {
  const losses = lanes.flatMap((lane) => [...tooEarly(lane, random), ...tooLate(lane, random)]);
  return losses.sort((one, other) => one.at - other.at).map((loss, index) => failed(loss, index * 7 + 1204));
}

const share = 1 / 3;

function tooEarly(lane: PodLane, random: () => number): Loss[] {
  const listen = lane.listening[0]?.from;
  if (lane.firstRouted === undefined || listen === undefined || lane.listenMarginMs === undefined) return [];
  return arrivals(lane.firstRouted, listen, 100 * share, random).map((at) => ({
    at,
    conn: 'fresh',
    cause: 'not-listening-yet',
    lane,
  }));
}

function tooLate(lane: PodLane, random: () => number): Loss[] {
  const closed = lane.listening[0]?.to;
  if (lane.lastRouted === undefined || closed === undefined || lane.sigterm === undefined) return [];
  const refused = arrivals(closed, lane.lastRouted, 100 * share, random).map(
    (at): Loss => ({ at, conn: 'fresh', cause: 'terminated-still-routed', lane }),
  );
  if (refused.length === 0 || random() > 0.7) return refused;
  return [{ at: lane.sigterm - msToMicros(6), conn: 'kept-alive', cause: 'keep-alive-close-race', lane }, ...refused];
}

function arrivals(from: Micros, to: Micros, perSecond: number, random: () => number): Micros[] {
  const found: Micros[] = [];
  for (let at = from; ; ) {
    at += Math.round((-Math.log(1 - random()) / perSecond) * 1e6);
    if (at >= to) return found;
    found.push(at);
  }
}

function failed({ at, conn, cause, lane }: Loss, seq: number): FailedRequest {
  const gen = conn === 'fresh' ? 'fresh' : 'kept';
  const sport = 32_768 + ((seq * 131) % 28_000);
  const refused = cause !== 'keep-alive-close-race';
  return {
    request: {
      gen,
      conn,
      seq,
      id: `${gen}-${seq}`,
      due: at - 400,
      start: at,
      end: at + (refused ? 900 : 6_400),
      code: refused ? 1212 : 1000,
      err: refused ? 'dial tcp 10.96.41.7:80: connect: connection refused' : 'EOF',
      status: 0,
      reused: conn === 'kept-alive',
      attempts: 1,
      sport,
      dst: '10.96.41.7:80',
      pod: '',
      node: '',
      version: '',
    },
    phase: 'fault',
    cause,
    pod: lane.pod,
    podBy: 'conntrack',
    words: words(at, cause, lane),
    evidence: evidence(cause, lane),
  };
}

function words(at: Micros, cause: Cause, lane: PodLane): string {
  const listen = lane.listening[0];
  if (cause === 'not-listening-yet') {
    return `Routed to ${lane.pod} ${exactSeconds(((listen?.from ?? at) - at) / 1000)} before it listened.`;
  }
  if (cause === 'terminated-still-routed') {
    return `Routed to ${lane.pod} ${exactSeconds((at - (listen?.to ?? at)) / 1000)} after it had closed its listener.`;
  }
  return `${lane.pod} closed the connection while the request was on its way.`;
}

function evidence(cause: Cause, lane: PodLane) {
  const line = (at: Micros | undefined, text: string) => (at === undefined ? [] : [{ at, text }]);
  if (cause === 'not-listening-yet') {
    return [
      ...line(lane.bar.find((span) => span.state === 'starting')?.from, 'container started'),
      ...line(lane.endpoint.find((span) => span.state === 'ready')?.from, 'slice: ready'),
      ...line(lane.listening[0]?.from, 'listening'),
    ];
  }
  return [
    ...line(lane.endpoint.find((span) => span.state === 'terminating')?.from, 'slice: terminating'),
    ...line(lane.sigterm, 'SIGTERM'),
    ...line(lane.listening[0]?.to, 'listener closed'),
    ...line(lane.lastRouted, 'last connection routed to it'),
  ];
}
