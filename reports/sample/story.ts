import type { ArmStory, Bucket, DisruptionSpan, FailedRequest, PodLane } from '../../harness/model/finding.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';

const bucketMs = 500;
export const rate = 160;

export interface Times {
  readonly zero: Micros;
  readonly end: Micros;
  readonly warmupMs: number;
  readonly baselineMs: number;
  readonly tailMs: number;
}

/** What a judge would draw from such lanes and failures. */
export function story(
  times: Times,
  lanes: readonly PodLane[],
  failures: readonly FailedRequest[],
  disrupted: boolean,
): ArmStory {
  const { zero, end } = times;
  const tail = end - msToMicros(times.tailMs);
  const baseline = zero - msToMicros(times.baselineMs);
  return {
    zero,
    phases: {
      warmup: { from: baseline - msToMicros(times.warmupMs), to: baseline },
      baseline: { from: baseline, to: zero },
      fault: { from: zero, to: tail },
      tail: { from: tail, to: end },
    },
    bucketMs,
    buckets: buckets(baseline, end, failures),
    disruptions: disrupted ? [rollout(zero, tail)] : [],
    pods: lanes,
    nodes: ['holdfast-worker', 'holdfast-worker2', 'holdfast-worker3', 'holdfast-worker4'].map((node) => ({
      node,
      spans: [{ state: 'ready', from: baseline }],
      outages: [],
      takenBy: [],
    })),
    evictions: [],
    budgets: [],
    unscheduled: [],
    placement: [],
    readyEndpoints: readyEndpoints(baseline, lanes),
  };
}

const rollout = (zero: Micros, tail: Micros): DisruptionSpan => ({
  id: 'rollout',
  fault: 'rollout',
  faithfulTo: 'kubectl set image, or a new release: the controller does the rest',
  from: zero,
  to: tail,
  landed: { at: tail - msToMicros(3), saw: 'all 3 pods of version 1 replaced by 3 of version 2' },
});

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
    found.push({ from: at, answered: (rate * bucketMs) / 1000 - lost, failed });
  }
  return found;
}

function readyEndpoints(from: Micros, lanes: readonly PodLane[]) {
  const spans = lanes.flatMap((lane) => lane.endpoint);
  const moments = new Set([from, ...spans.flatMap((span) => [span.from, ...(span.to === undefined ? [] : [span.to])])]);
  const open = (at: Micros, state: string) =>
    spans.filter((span) => span.state === state && span.from <= at && at < (span.to ?? Number.POSITIVE_INFINITY))
      .length;
  return [...moments]
    .filter((at) => at >= from)
    .sort((one, other) => one - other)
    .map((at) => ({ at, ready: open(at, 'ready'), terminating: open(at, 'terminating') }));
}
