import type { PodLane } from '../../harness/model/finding.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';
import { exactSeconds } from '../words/number.ts';
import { arrivals, type Loss } from './failures.ts';

/** What such pods lose of 100 fresh requests a second, of which each of three gets its share. */
export const rolloutLosses = (lanes: readonly PodLane[], random: () => number): Loss[] =>
  lanes.flatMap((lane) => [...tooEarly(lane, random), ...tooLate(lane, random)]);

const perSecond = 100 / 3;

function tooEarly(lane: PodLane, random: () => number): Loss[] {
  const listen = lane.listening[0]?.from;
  if (lane.firstRouted === undefined || listen === undefined || lane.listenMarginMs === undefined) return [];
  return arrivals(lane.firstRouted, listen, perSecond, random).map((at) => ({
    at,
    conn: 'fresh',
    cause: 'not-listening-yet',
    pod: lane.pod,
    words: `Routed to ${lane.pod} ${exactSeconds((listen - at) / 1000)} before it listened.`,
    evidence: [
      ...line(lane.bar.find((span) => span.state === 'starting')?.from, 'container started'),
      ...line(lane.endpoint.find((span) => span.state === 'ready')?.from, 'slice: ready'),
      ...line(listen, 'listening'),
    ],
  }));
}

function tooLate(lane: PodLane, random: () => number): Loss[] {
  const { pod, lastRouted, sigterm, listening } = lane;
  const closed = listening[0]?.to;
  if (lastRouted === undefined || closed === undefined || sigterm === undefined) return [];
  const evidence = [
    ...line(lane.endpoint.find((span) => span.state === 'terminating')?.from, 'slice: terminating'),
    ...line(sigterm, 'SIGTERM'),
    ...line(closed, 'listener closed'),
    ...line(lastRouted, 'last connection routed to it'),
  ];
  const refused = arrivals(closed, lastRouted, perSecond, random).map(
    (at): Loss => ({
      at,
      conn: 'fresh',
      cause: 'terminated-still-routed',
      pod,
      words: `Routed to ${pod} ${exactSeconds((at - closed) / 1000)} after it had closed its listener.`,
      evidence,
    }),
  );
  if (refused.length === 0 || random() > 0.7) return refused;
  const race: Loss = {
    at: sigterm - msToMicros(6),
    conn: 'kept-alive',
    cause: 'keep-alive-close-race',
    pod,
    words: `${pod} closed the connection while the request was on its way.`,
    evidence,
  };
  return [race, ...refused];
}

const line = (at: Micros | undefined, text: string) => (at === undefined ? [] : [{ at, text }]);
