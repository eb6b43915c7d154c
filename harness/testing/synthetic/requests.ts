import type { Cause } from '../../model/cause.ts';
import type { Connection } from '../../model/request.ts';
import type { Ms } from '../../model/units.ts';
import { routable, type TruePod, type World } from './world.ts';

/** A request as it truly was; moments in ms of its world. */
export interface TrueRequest {
  readonly gen: string;
  readonly conn: Connection;
  seq: number;
  readonly due: Ms;
  readonly start: Ms;
  readonly end: Ms;
  readonly code: number;
  readonly err: string;
  readonly status: number;
  readonly reused: boolean;
  readonly sport: number;
  /** The pod that its connection reached for, answered or not. */
  readonly target?: TruePod;
  /** When the connection was opened for it, as conntrack sees it. */
  readonly opened?: Ms;
  /** What the pod's own log has of it. */
  readonly served?: { readonly start: Ms; readonly end?: Ms };
  /** Why it failed; absent where it was answered. */
  readonly cause?: Cause;
}

export const sources: { readonly [gen: string]: string } = { fresh: '10.244.1.5', 'kept-alive': '10.244.1.6' };

const timeoutMs = 2000;

/** What a new connection to this pod comes to. */
function dial(pod: TruePod | undefined, start: Ms, random: () => number): Partial<TrueRequest> {
  if (!pod) {
    // The rejection is rate-limited, so most of these time out.
    const refused = random() < 0.1;
    return { ...(refused ? refusal(start) : silence(start)), cause: 'no-endpoint' };
  }
  const opened = start + 0.1;
  if (start < pod.listen) return { ...refusal(start), target: pod, opened, cause: 'not-listening-yet' };
  if (pod.close !== undefined && start >= pod.close) {
    const gone = pod.exit !== undefined && start >= pod.exit;
    return { ...(gone ? silence(start) : refusal(start)), target: pod, opened, cause: 'terminated-still-routed' };
  }
  return { ...answer(start), target: pod, opened, served: { start: start + 0.4, end: start + 1.2 } };
}

const answer = (start: Ms) => ({ end: start + 1.6, code: 0, err: '', status: 200 });
const refusal = (start: Ms) => ({ end: start + 0.7, code: 1212, err: 'dial: connection refused', status: 0 });
const silence = (start: Ms) => ({ end: start + timeoutMs, code: 1050, err: 'request timeout', status: 0 });

export function freshRequests(world: World, perSecond: number, random: () => number): TrueRequest[] {
  let port = 10_000;
  return ticks(world, perSecond).map((due, seq) => {
    const start = due + random();
    const pods = routable(world, start);
    const pod = pods[Math.floor(random() * pods.length)];
    const outcome = { ...answer(start), ...dial(pod, start, random) };
    return { gen: 'fresh', conn: 'fresh', seq, due, start, reused: false, sport: port++, ...outcome };
  });
}

interface KeptConnection {
  readonly pod: TruePod;
  readonly sport: number;
}

/** As many clients as never wait for each other, each with one connection that a draining pod asks it to close. */
export function keptAliveRequests(world: World, perSecond: number, random: () => number): TrueRequest[] {
  const clients: (KeptConnection | undefined)[] = Array.from({ length: Math.ceil(perSecond * 2.4) });
  let port = 10_000;
  return ticks(world, perSecond).map((due, seq): TrueRequest => {
    const start = due + random();
    const client = seq % clients.length;
    const own = clients[client];
    const common = { gen: 'kept-alive', conn: 'kept-alive' as const, seq, due, start };
    if (own && start < (own.pod.exit ?? Number.POSITIVE_INFINITY) - 5) {
      if (own.pod.sigterm !== undefined && start >= own.pod.sigterm) clients[client] = undefined;
      const served = { start: start + 0.4, end: start + 1.2 };
      return { ...common, ...answer(start), reused: true, sport: own.sport, target: own.pod, served };
    }
    const pods = routable(world, start);
    const pod = pods[Math.floor(random() * pods.length)];
    const outcome = { ...answer(start), ...dial(pod, start, random) };
    const sport = port++;
    clients[client] = pod && outcome.code === 0 ? { pod, sport } : undefined;
    return { ...common, reused: false, sport, ...outcome };
  });
}

function ticks({ phases }: World, perSecond: number): Ms[] {
  const from = phases.warmup - 500;
  const count = Math.floor(((phases.end + 500 - from) * perSecond) / 1000);
  return Array.from({ length: count }, (_, index) => from + (index * 1000) / perSecond);
}
