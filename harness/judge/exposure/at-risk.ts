import type { Connection } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { count, counted, percent } from '../../model/words.ts';
import { turnOf, turnSeconds } from '../evidence/exposure-fold.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { chanceInWords, chanceLimit, chanceOfNone, neededFor } from './chance.ts';
import { connsOf, type Evidence, type Gap } from './gap.ts';

/** How long after it is taken a pod may still be asked, at least: rules follow about a second later. */
export const riskyLasts: Micros = msToMicros(1000);

/** When it was taken, requests were on their way to it, or could be. */
export function atRiskGaps(pod: PodHistory, at: Micros, evidence: Evidence): Gap[] {
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
