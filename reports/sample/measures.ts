import type { AddedLatency, Fewest, Measures, PodLane, Recovery, Span } from '../../harness/model/finding.ts';
import type { Micros } from '../../harness/model/units.ts';
import { after, type Scene } from './scene.ts';

/** What a judge would measure in such a scene. */
export function measures(scene: Scene, baseline: Micros, traffic: boolean): Measures {
  const least = (of: (lane: PodLane) => readonly Span[]) => fewest(scene.pods.flatMap(of), baseline, scene.faultEnds);
  const recovered = recovery(scene, least(ready).count < scene.pods.flatMap(ready).filter(isSince(baseline)).length);
  return {
    latency: traffic ? [latency(scene, 'fresh', 'fresh'), latency(scene, 'kept', 'kept-alive')] : [],
    fewest: { ready: least(ready), serving: least(serving), alive: least(({ listening }) => listening) },
    together: most(scene),
    ...(recovered && { recovery: recovered }),
  };
}

const ready = ({ endpoint }: PodLane): Span[] => endpoint.filter(({ state }) => state === 'ready');
const serving = ({ endpoint }: PodLane): Span[] => endpoint.filter(({ state }) => /ready|serving/.test(state));
const isSince =
  (start: Micros) =>
  ({ from }: Span): boolean =>
    from <= start;

/** Answers are slower where anything is done. */
function latency({ disruptions = [] }: Scene, gen: string, conn: string): AddedLatency {
  const fault = disruptions.length > 0 ? { p50Ms: 0.1, p99Ms: 4.2 } : { p50Ms: 0, p99Ms: -0.2 };
  return { gen, conn, baseline: { p50Ms: 0.8, p99Ms: 2.9 }, fault, tail: { p50Ms: 0, p99Ms: 0.3 } };
}

function fewest(spans: readonly Span[], start: Micros, end: Micros): Fewest {
  const changes = spans.flatMap(({ to }) => (to === undefined || to < start || to > end ? [] : [to]));
  return [start, ...changes.toSorted((one, other) => one - other)]
    .map((at) => ({ at, count: spans.filter(({ from, to = Infinity }) => from <= at && at < to).length }))
    .reduce((least, each) => (each.count < least.count ? each : least));
}

/** At the end of the fault. */
function most({ pods, faultEnds }: Scene): Measures['together'] {
  const running = pods.filter(({ bar }) =>
    bar.some(({ state, from, to = Infinity }) => state === 'ready' && from <= faultEnds && faultEnds < to),
  );
  const [fullest] = running
    .map(({ node }) => ({ domain: node, count: running.filter((each) => each.node === node).length, at: faultEnds }))
    .toSorted((one, other) => other.count - one.count);
  return fullest ? { node: fullest } : {};
}

/** Of a scene that ends as it began. */
function recovery({ pods, failed }: Scene, endpointsLost: boolean): Recovery | undefined {
  const spans = endpointsLost ? pods.flatMap(ready) : [];
  const [firstFailed, lastFailed] = [failed[0]?.request.start, failed.at(-1)?.request.start];
  const lost = Math.min(...spans.map(({ to = Infinity }) => to));
  const replaced = Math.max(...spans.map(({ from }) => from));
  const answered = lastFailed === undefined ? -Infinity : after(lastFailed, 0.01);
  const from = Math.min(lost, firstFailed ?? Infinity);
  if (!Number.isFinite(from)) return undefined;
  return {
    from,
    first: from === lost ? 'endpoints' : 'requests',
    last: answered > replaced ? 'requests' : 'endpoints',
    to: Math.max(answered, replaced),
  };
}
