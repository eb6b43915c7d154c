import type { ArmStory, FailedRequest, NodeLane, PodLane, Span } from '../../harness/model/finding.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';

/** When an arm's baseline begins and when its fault does. */
export interface Start {
  readonly baseline: Micros;
  readonly zero: Micros;
}

/** What was done in an arm, and what it came to. Of what is left out nothing happened. */
export interface Scene
  extends Partial<Pick<ArmStory, 'disruptions' | 'nodes' | 'apiServer' | 'evictions' | 'budgets' | 'unscheduled'>> {
  readonly pods: readonly PodLane[];
  readonly failed: readonly FailedRequest[];
  readonly faultEnds: Micros;
}

export const after = (at: Micros, seconds: number): Micros => at + msToMicros(seconds * 1000);

export const workers = ['holdfast-worker', 'holdfast-worker2', 'holdfast-worker3', 'holdfast-worker4'];

/** A node that stays Ready but for what is said of it. */
export const nodeLane = (
  node: string,
  baseline: Micros,
  { spans = [], outages = [], takenBy = [] }: Partial<NodeLane> = {},
): NodeLane => ({ node, spans: interrupted(baseline, spans), outages, takenBy });

/** Ready wherever nothing else is said. */
function interrupted(from: Micros, spans: NodeLane['spans']): NodeLane['spans'] {
  const found: Span<NodeLane['spans'][number]['state']>[] = [];
  let at: Micros | undefined = from;
  for (const span of spans) {
    if (at !== undefined && span.from > at) found.push({ state: 'ready', from: at, to: span.from });
    found.push(span);
    at = span.to;
  }
  return at === undefined ? found : [...found, { state: 'ready', from: at }];
}

/** A pod that serves from before the baseline on. */
export const servingPod = (pod: string, node: string, baseline: Micros): PodLane => ({
  pod,
  node,
  version: '1',
  bar: [{ state: 'ready', from: baseline }],
  endpoint: [{ state: 'ready', from: baseline }],
  listening: [{ state: 'listening', from: baseline }],
});

/** The same, deleted in order at a moment: preStop, SIGTERM, three seconds to finish. */
export function deletedPod(lane: PodLane, deleted: Micros, preStopSeconds: number): PodLane {
  const sigterm = after(deleted, preStopSeconds + 0.03);
  const [closed, exit, gone] = [after(sigterm, 0.004), after(sigterm, 3.02), after(sigterm, 3.4)];
  const lastRouted = after(deleted, 0.31);
  const { from } = lane.bar.at(-1) ?? { from: deleted };
  return {
    ...lane,
    bar: [
      ...lane.bar.slice(0, -1),
      { state: 'ready', from, to: deleted },
      { state: 'terminating', from: deleted, to: gone },
    ],
    endpoint: [
      ...lane.endpoint.slice(0, -1),
      { state: 'ready', from, to: after(deleted, 0.02) },
      { state: 'serving', from: after(deleted, 0.02), to: sigterm },
      { state: 'terminating', from: sigterm, to: gone },
    ],
    listening: lane.listening.map((span) => ({ ...span, to: closed })),
    sigterm,
    exit,
    firstRouted: lane.firstRouted ?? from,
    lastRouted,
    closeMarginMs: (closed - lastRouted) / 1000,
  };
}

/** A pod that is created at a moment and listens so long after its container started. */
export function createdPod(pod: string, node: string, created: Micros, startSeconds: number, version = '1'): PodLane {
  const started = after(created, 0.7);
  const listen = after(started, startSeconds + 0.04);
  const ready = after(listen, 0.5);
  const firstRouted = after(ready, 0.25);
  return {
    pod,
    node,
    version,
    bar: [
      { state: 'pending', from: created, to: started },
      { state: 'starting', from: started, to: ready },
      { state: 'ready', from: ready },
    ],
    endpoint: [
      { state: 'unready', from: after(started, 0.01), to: ready },
      { state: 'ready', from: ready },
    ],
    listening: [{ state: 'listening', from: listen }],
    firstRouted,
    listenMarginMs: (firstRouted - listen) / 1000,
  };
}

/** When a pod first counted as ready. */
export const readyAt = (lane: PodLane): Micros => lane.endpoint.find(({ state }) => state === 'ready')?.from ?? 0;
