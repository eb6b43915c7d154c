import type { ArmStory, Bucket, FailedRequest, PodLane } from '../../harness/model/finding.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';
import { nodeLane, type Scene, type Start, workers } from './scene.ts';

const bucketMs = 500;
export const rate = 160;

export interface Times extends Start {
  readonly warmup: Micros;
  readonly end: Micros;
}

/** What a judge would draw of such a scene. */
export function story(
  { warmup, baseline, zero, end }: Times,
  scene: Scene,
  { traffic, windowMs }: { readonly traffic: boolean; readonly windowMs: number | undefined },
): ArmStory {
  const { pods, failed, faultEnds, unscheduled = [] } = scene;
  const counted = traffic ? buckets(baseline, end, failed) : [];
  const longest = silence(counted);
  return {
    zero,
    phases: {
      warmup: { from: warmup, to: baseline },
      baseline: { from: baseline, to: zero },
      fault: { from: zero, to: faultEnds },
      tail: { from: faultEnds, to: end },
    },
    bucketMs,
    buckets: counted,
    ...(longest && { silence: longest }),
    ...(windowMs !== undefined && { worstWindow: worstWindow(counted, windowMs) }),
    disruptions: scene.disruptions ?? [],
    pods,
    nodes: scene.nodes ?? workers.map((node) => nodeLane(node, baseline)),
    apiServer: scene.apiServer ?? [{ state: 'ready', from: baseline }],
    evictions: scene.evictions ?? [],
    budgets: scene.budgets ?? [],
    unscheduled,
    placement: placement(pods, faultEnds),
    readyEndpoints: readyEndpoints(baseline, pods),
  };
}

function buckets(from: Micros, to: Micros, failures: readonly FailedRequest[]): Bucket[] {
  const width = msToMicros(bucketMs);
  const found: Bucket[] = [];
  for (let at = from; at < to; at += width) {
    const failed: { [cause: string]: number } = {};
    let lost = 0;
    for (const { request, cause } of failures) {
      if (request.start < at || request.start >= at + width) continue;
      failed[cause] = (failed[cause] ?? 0) + 1;
      lost += 1;
    }
    found.push({ from: at, answered: Math.max(0, (rate * bucketMs) / 1000 - lost), failed });
  }
  return found;
}

function silence(counted: readonly Bucket[]): ArmStory['silence'] {
  let longest: ArmStory['silence'];
  let from: Micros | undefined;
  for (const bucket of counted) {
    from = bucket.answered > 0 ? undefined : (from ?? bucket.from);
    const to = bucket.from + msToMicros(bucketMs);
    if (from !== undefined && to - from > (longest ? longest.to - longest.from : 0)) longest = { from, to };
  }
  return longest;
}

function worstWindow(counted: readonly Bucket[], windowMs: number): NonNullable<ArmStory['worstWindow']> {
  const width = windowMs / bucketMs;
  const windows = counted.slice(0, -width).map(({ from }, index) => {
    const inside = counted.slice(index, index + width);
    const failed = inside.flatMap((bucket) => Object.values(bucket.failed)).reduce((sum, each) => sum + each, 0);
    return { from, to: from + msToMicros(windowMs), share: failed / ((rate * windowMs) / 1000) };
  });
  return windows.reduce((worst, each) => (each.share > worst.share ? each : worst));
}

function placement(pods: readonly PodLane[], at: Micros): ArmStory['placement'] {
  const running = pods.filter(({ bar }) =>
    bar.some(({ state, from, to = Infinity }) => /ready|starting/.test(state) && from <= at && at < to),
  );
  const nodes = [...new Set(running.map(({ node }) => node))];
  return nodes.map((node) => ({ node, pods: running.filter((each) => each.node === node).map(({ pod }) => pod) }));
}

function readyEndpoints(from: Micros, lanes: readonly PodLane[]) {
  const spans = lanes.flatMap((lane) => lane.endpoint);
  const moments = new Set([from, ...spans.flatMap((span) => [span.from, ...(span.to === undefined ? [] : [span.to])])]);
  const open = (at: Micros, ...states: string[]) =>
    spans.filter((span) => states.includes(span.state) && span.from <= at && at < (span.to ?? Number.POSITIVE_INFINITY))
      .length;
  return [...moments]
    .filter((at) => at >= from)
    .sort((one, other) => one - other)
    .map((at) => ({ at, ready: open(at, 'ready'), terminating: open(at, 'serving', 'terminating') }));
}
