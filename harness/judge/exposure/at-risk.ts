import { count, counted, percent } from '../../model/number-words.ts';
import type { Connection } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { turnOf, turnSeconds } from '../evidence/exposure-fold.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { chanceInWords, chanceLimit, chanceOfNone, neededFor } from './chance.ts';
import { connsOf, type Evidence, type Gap } from './gap.ts';

/** A disrupted pod may still get requests for at least this long, because rules follow about a second later. */
export const riskyTime: Micros = msToMicros(1000);

/** Why no request was in transit to the pod, or could be, when it was disrupted. */
export function atRiskGaps(pod: PodHistory, at: Micros, evidence: Evidence): Gap[] {
  const { exposure } = evidence;
  const routed = pod.endpoint
    .spans()
    .some(({ state, from, to = at }) => state === 'ready' && from <= at && to >= at - riskyTime);
  return connsOf(evidence).flatMap((conn): Gap[] => {
    const open = exposure.served(pod, conn).ports.size;
    if (open === 0 && !routed)
      return [
        {
          at,
          text: `${pod.name} was not a ready endpoint when it was taken, and no ${conn} connection was open to it`,
          remedy: 'a disruption of pods that are ready endpoints',
        },
      ];
    return conn === 'kept-alive' && open > 0 ? keptGaps(pod, at, open, evidence) : freshGaps(pod, at, conn, evidence);
  });
}

/** A new connection may go to any endpoint, as long as rules may lead to the disrupted one. */
function freshGaps({ name }: PodHistory, at: Micros, conn: Connection, { exposure, counts }: Evidence): Gap[] {
  const share = 1 / counts.most(at - riskyTime, at);
  const sent = exposure.traffic[conn].sent.between(at, at + riskyTime);
  const needed = neededFor(share);
  if (sent >= needed) return [];
  const chance = chanceOfNone(sent, share);
  return [
    {
      at,
      text: `${counted(sent, `${conn} request`)} in the second after ${name} was taken, ${percent(share)} of them for it: ${chanceInWords(chance)} that none reaches it`,
      remedy: `at least ${count(needed)} ${conn} requests a second`,
    },
  ];
}

/** Kept-alive connections are used in turn. One that is open to the pod is used soon if other connections are. */
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
      text: `${counted(used, 'kept-alive request')} in the ${turnSeconds(plan).toFixed(1)} s after ${name} was taken, and ${count(open)} of ${counted(open + others, 'connection')} were open to it: ${chanceInWords(chance)} that none reaches it`,
      remedy: 'kept-alive requests that go on while pods are taken, each connection in its turn',
    },
  ];
}
