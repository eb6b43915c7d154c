import type { Cause } from '../../model/cause.ts';
import type { TrafficSettings } from '../../model/experiment.ts';
import type { Ms } from '../../model/units.ts';
import {
  clientWaits,
  forever,
  type Life,
  type Outage,
  type Pod,
  type Rule,
  type Span,
  sentFrom,
  type World,
  within,
} from './world.ts';

/** A request as it really happened. Times are in ms after the start of the simulated arm. */
export interface Sent {
  readonly gen: 'fresh' | 'kept-alive';
  readonly seq: number;
  readonly due: Ms;
  readonly start: Ms;
  readonly end: Ms;
  readonly code: number;
  readonly err: string;
  readonly status: number;
  readonly reused: boolean;
  readonly sport: number;
  /** The pod to which it was routed, answered or not. */
  readonly pod?: Pod;
  /** The time at which a connection was opened for it. */
  readonly opened?: Ms;
  /** The time at which conntrack recorded a connection without an endpoint. */
  readonly rejected?: Ms;
  readonly served?: { readonly start: Ms; readonly end?: Ms };
  /** The true cause of its failure. Absent if it was answered. */
  readonly cause?: Cause;
}

type Outcome = Pick<Sent, 'end' | 'code' | 'err' | 'status' | 'pod' | 'opened' | 'rejected' | 'served' | 'cause'>;

const answered = (end: Ms, status = 200) =>
  status < 400
    ? { end, code: 0, err: '', status }
    : { end, code: 1000 + Math.floor(status / 100) * 100, err: '', status };
const refused = (start: Ms) => ({ end: start + 0.6, code: 1212, err: 'dial: connection refused', status: 0 });
const silent = (start: Ms) => ({ end: start + clientWaits, code: 1050, err: 'request timeout', status: 0 });
const broken = (end: Ms, random: () => number) =>
  random() < 0.5 ? { end, code: 1000, err: 'EOF', status: 0 } : { end, code: 1220, err: 'reset by peer', status: 0 };

const outageAt = ({ outages = [] }: World, { node }: Pod, at: Ms): Outage | undefined =>
  outages.find((outage) => outage.node === node && within(at, outage));

/** The container that accepts a new connection. */
const listening = ({ lives, close = forever }: Pod, at: Ms): Life | undefined =>
  at >= close ? undefined : lives.find(({ listen, end }) => listen <= at && at < (end?.at ?? forever));

const isAlive = ({ lives }: Pod, at: Ms): boolean => at < (lives.at(-1)?.end?.at ?? forever);

const wireOf = ({ wireMs = 0.3 }: World): Ms => wireMs;

/** The result of a request that reaches a pod on an open connection. */
function serve(world: World, pod: Pod, at: Ms, random: () => number): Outcome {
  if (isOf(pod, at, world.delaying) && Math.floor(at) % 3 === 0) {
    const start = at + world.delaying.ms;
    return { ...silent(at), pod, served: { start, end: start + 2 }, cause: 'unattributed' };
  }
  const arrived = at + wireOf(world);
  const start = isOf(pod, arrived, world.standing) ? world.standing.to : arrived;
  const end = start + (world.work?.(pod, at) ?? 1);
  const life = pod.lives.findLast(({ boot }) => boot <= at);
  const outage = world.outages?.find(({ node, from }) => node === pod.node && from > start && from <= end);
  if (life?.end && life.end.at > start && life.end.at <= Math.min(end, at + clientWaits, outage?.from ?? forever))
    return { ...broken(life.end.at + 0.2, random), pod, served: { start }, cause: 'killed-in-flight' };
  if (outage && outage.how !== 'cut off') return { ...silent(at), pod, served: { start }, cause: 'lost-with-its-node' };
  if (outage) return { ...silent(at), pod, served: { start, end }, cause: 'response-lost' };
  if (isOf(pod, at, world.hanging)) return { ...silent(at), pod, served: { start }, cause: 'overload' };
  if (end - at > clientWaits)
    return { ...silent(at), pod, served: { start, end: at + clientWaits + 1 }, cause: 'overload' };
  if (within(at, world.lossy)) return { ...silent(at), pod, served: { start, end }, cause: 'response-lost' };
  const status = world.status?.(pod, at) ?? 200;
  return { ...answered(end + 0.3, status), pod, served: { start, end }, ...(status >= 400 && { cause: 'http-error' }) };
}

const isOf = <S extends Span & { readonly pod: string }>(pod: Pod, at: Ms, span: S | undefined): span is S =>
  pod.name === span?.pod && within(at, span);

/** The pods to which the rules route at a time. */
type Routed = (at: Ms) => readonly Pod[];

/** The result if the Service has no endpoint. The rejection is an ICMP message, which the kernel rate-limits. */
function reject(world: World, routed: Routed, at: Ms, random: () => number): Outcome {
  if (random() < 0.1) return { ...refused(at), cause: 'no-endpoint' };
  const rejected = { ...(world.rejectedEntries && { rejected: at + 0.1 }) };
  const lost: Outcome = { ...silent(at), ...rejected, cause: 'no-endpoint' };
  if (world.sendsAgainAfter === undefined) return lost;
  const again = at + world.sendsAgainAfter;
  const pods = routed(again);
  const pod = pods[Math.floor(random() * pods.length)];
  if (!pod || !listening(pod, again)) return lost;
  const late = { ...serve(world, pod, again, random), ...rejected, opened: again + 0.1 };
  // The client's time limit began with the first packet.
  return late.code === 0 && late.end <= at + clientWaits ? late : { ...late, ...lost };
}

/** The result of a request on a new connection. */
function dial(world: World, routed: Routed, at: Ms, random: () => number): Outcome {
  if (within(at, world.withoutEntries)) return { ...silent(at), cause: 'unattributed' };
  const pods = routed(at);
  const pod = pods[Math.floor(random() * pods.length)];
  if (!pod) return reject(world, routed, at, random);
  const opened = at + 0.1;
  const outage = outageAt(world, pod, at);
  // A node that fails is not the cause if the pod had already closed its listener.
  if (outage && (pod.close ?? forever) >= outage.from) return { ...silent(at), pod, opened, cause: 'node-down' };
  if (isOf(pod, at, world.dropping) && (world.dropping.also === 'closed' ? isAlive : listening)(pod, at))
    return { ...silent(at), pod, opened, cause: 'unattributed' };
  if (listening(pod, at)) return { ...serve(world, pod, at, random), opened };
  const nothing = outage || at >= (pod.gone ?? forever) ? silent(at) : refused(at);
  const [first] = pod.lives;
  if (first === undefined || at < first.listen) return { ...nothing, pod, opened, cause: 'not-listening-yet' };
  const cause = at >= (pod.deleted ?? forever) ? 'terminated-still-routed' : 'crash-window';
  return { ...nothing, pod, opened, cause };
}

interface Kept {
  readonly pod: Pod;
  readonly life: Life | undefined;
  readonly sport: number;
}

/** The result of a request on a kept-alive connection, or undefined if the client already knows that it is closed. */
function reuse(world: World, { pod, life }: Kept, at: Ms, random: () => number): Outcome | undefined {
  const end = life?.end?.at ?? forever;
  // The client learns of the close after the same delay.
  if (at > end + wireOf(world)) return undefined;
  if (outageAt(world, pod, at)) return { ...silent(at), pod, cause: 'lost-with-its-node' };
  if (isOf(pod, at, world.dropping) && world.dropping.also === 'kept-alive')
    return { ...silent(at), pod, cause: 'unattributed' };
  if (at + wireOf(world) > end)
    return { ...broken(Math.max(end, at) + wireOf(world), random), pod, cause: 'keep-alive-close-race' };
  return serve(world, pod, at, random);
}

const ticks = (world: World, perSecond: number): Ms[] =>
  Array.from(
    { length: Math.floor(((world.end + (world.sentAfterEnd ?? 300) - sentFrom(world)) * perSecond) / 1000) },
    (_, index) => sentFrom(world) + (index * 1000) / perSecond,
  );

const notSent = (
  world: World,
  at: Ms,
): Pick<Sent, 'end' | 'code' | 'err' | 'status' | 'sport' | 'cause'> | undefined => {
  if (within(at, world.withoutPorts))
    return {
      end: at + 0.1,
      code: 1213,
      err: 'dial: bind: cannot assign requested address',
      status: 0,
      sport: 0,
      cause: 'generator-fault',
    };
  if (within(at, world.withoutDns))
    return { end: at + 5, code: 1101, err: 'lookup web: no such host', status: 0, sport: 0, cause: 'dns-failure' };
  return undefined;
};

/** All requests of both generators. */
export function sendAll(
  world: World,
  rules: readonly Rule[],
  { freshPerSecond, keptAlivePerSecond }: TrafficSettings,
  random: () => number,
): Sent[] {
  const routed = (at: Ms) => rules.findLast((rule) => rule.at <= at)?.pods ?? [];
  let port = 10_000;
  const fresh = ticks(world, freshPerSecond).map((due, seq): Sent => {
    const start = due + random();
    const common = { gen: 'fresh' as const, seq, due, start, reused: false };
    const not = notSent(world, start);
    return not ? { ...common, ...not } : { ...common, sport: port++, ...dial(world, routed, start, random) };
  });
  const clients: (Kept | undefined)[] = Array.from({ length: Math.ceil(keptAlivePerSecond * 2.4) });
  port = 30_000;
  const kept = ticks(world, keptAlivePerSecond).map((due, seq): Sent => {
    const start = due + random();
    const client = seq % clients.length;
    const own = clients[client];
    const common = { gen: 'kept-alive' as const, seq, due, start };
    const reused = own && reuse(world, own, start, random);
    if (own && reused) {
      const closing = reused.code !== 0 || start >= (own.pod.sigterm ?? forever);
      if (closing) clients[client] = undefined;
      return { ...common, reused: true, sport: own.sport, ...reused };
    }
    const not = notSent(world, start);
    if (not) return { ...common, reused: false, ...not };
    const outcome = dial(world, routed, start, random);
    const sport = port++;
    const { pod } = outcome;
    clients[client] = pod && outcome.code === 0 ? { pod, life: listening(pod, start), sport } : undefined;
    return { ...common, reused: false, sport, ...outcome };
  });
  return [...fresh, ...kept, ...stale(world, fresh, random)];
}

/**
 * A source port is reused while conntrack still has an entry for it. Its packets go to a pod that no longer exists,
 * independent of the current rules.
 */
function stale(world: World, fresh: readonly Sent[], random: () => number): Sent[] {
  if (world.longPortWalk) return [];
  const left = fresh.filter(({ code, opened, pod, end, cause }) => {
    const dead = cause === 'terminated-still-routed' || cause === 'node-down';
    return dead && code === 1050 && opened !== undefined && pod !== undefined && end < world.end - 2500;
  });
  let seq = fresh.length;
  return left.slice(0, 4).flatMap(({ sport, pod, end, start }): Sent[] => {
    const outage = pod && outageAt(world, pod, start);
    if (outage?.how === 'cut off' || outage?.how === 'frozen') return [];
    const again = end + 100 + random() * 300;
    return [
      {
        gen: 'fresh',
        seq: seq++,
        due: again,
        start: again,
        reused: false,
        sport,
        ...(pod && { pod }),
        ...silent(again),
        cause: 'stale-conntrack',
      },
    ];
  });
}
