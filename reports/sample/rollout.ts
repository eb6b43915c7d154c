import type { DisruptionSpan, PodLane, Span } from '../../harness/model/finding.ts';
import { type Micros, msToMicros } from '../../harness/model/units.ts';

import { failedRequests } from './failures.ts';
import { rolloutLosses } from './rollout-failures.ts';
import type { Scene, Start } from './scene.ts';

/** A rolling update of three replicas, one more at a time, as the lab's own recordings show it. */
interface Rollout {
  readonly zero: Micros;
  readonly readiness: boolean;
  readonly preStopMs: number;
  readonly startDelayMs: number;
  /** False leaves the old pods as they are: the control. */
  readonly disrupted: boolean;
  readonly from: Micros;
}

const oldNames = ['k2xqp', 'm8v4z', 'tq6wd'];
const newNames = ['c5hvn', 'h2rqx', 'n8wzk'];
const nodes = ['holdfast-worker2', 'holdfast-worker3', 'holdfast-worker4'];
const after = (at: Micros, ms: number): Micros => at + msToMicros(ms);

export interface RolloutKnobs extends Pick<Rollout, 'readiness' | 'preStopMs' | 'disrupted'> {}

export const rolloutWords = 'kubectl set image, or a new release';

/** The pods of such a rollout, and what it loses. */
export const rolloutScene =
  (knobs: RolloutKnobs) =>
  ({ baseline, zero }: Start, random: () => number): Scene => {
    const pods = podLanes({ ...knobs, zero, startDelayMs: 3_000, from: baseline }, random);
    const ended = pods.flatMap((lane) => lane.bar.flatMap((span) => (span.to === undefined ? [] : [span.to])));
    const faultEnds = Math.max(after(zero, 15_000), ...ended.map((at) => after(at, 1_000)));
    const landed = Math.max(zero, ...ended);
    const disruption: DisruptionSpan = {
      id: 'update',
      fault: 'rollout',
      faithfulTo: rolloutWords,
      from: zero,
      to: after(landed, 1),
      landed: { at: landed, saw: 'all 3 pods of version 1 replaced by 3 of version 2' },
    };
    return {
      pods,
      failed: failedRequests(rolloutLosses(pods, random)),
      faultEnds,
      disruptions: knobs.disrupted ? [disruption] : [],
    };
  };

/** Old pods first, then new ones, each with what Kubernetes, its own log and conntrack say of it. */
function podLanes(rollout: Rollout, random: () => number): PodLane[] {
  if (!rollout.disrupted) return oldNames.map((_, index) => steadyPod(rollout, index));
  const before: PodLane[] = [];
  const later: PodLane[] = [];
  let created = after(rollout.zero, 120);
  for (const index of oldNames.keys()) {
    const started = newPod(rollout, index, created, random);
    later.push(started.lane);
    before.push(oldPod(rollout, index, after(started.ready, 60), random));
    created = after(started.ready, 140);
  }
  return [...before, ...later];
}

function steadyPod(rollout: Rollout, index: number): PodLane {
  const from = rollout.from;
  return {
    pod: `specimen-5d9c7b-${oldNames[index]}`,
    node: nodes[index] ?? '',
    version: 'v1',
    bar: [{ state: 'ready', from }],
    endpoint: [{ state: 'ready', from }],
    listening: [{ state: 'listening', from }],
  };
}

function oldPod(rollout: Rollout, index: number, deleted: Micros, random: () => number): PodLane {
  const sigterm = after(deleted, rollout.preStopMs + 15 + random() * 20);
  const closed = after(sigterm, 4);
  const exit = after(sigterm, 3_000 + random() * 30);
  const gone = after(exit, 350 + random() * 120);
  const lastRouted = after(deleted, 180 + random() * 320);
  return {
    ...steadyPod(rollout, index),
    bar: [
      { state: 'ready', from: rollout.from, to: deleted },
      { state: 'terminating', from: deleted, to: gone },
    ],
    endpoint: [
      { state: 'ready', from: rollout.from, to: after(deleted, 20) },
      { state: 'terminating', from: after(deleted, 20), to: gone },
    ],
    listening: [{ state: 'listening', from: rollout.from, to: closed }],
    sigterm,
    exit,
    firstRouted: rollout.from,
    lastRouted,
    closeMarginMs: (closed - lastRouted) / 1000,
  };
}

function newPod(rollout: Rollout, index: number, created: Micros, random: () => number) {
  const started = after(created, 600 + random() * 300);
  const listen = after(started, rollout.startDelayMs + random() * 80);
  const ready = rollout.readiness ? after(listen, 150 + random() * 700) : after(started, 90);
  const firstRouted = after(ready, 160 + random() * 200);
  const bar: Span<'pending' | 'starting' | 'ready'>[] = [
    { state: 'pending', from: created, to: started },
    { state: 'starting', from: started, to: ready },
    { state: 'ready', from: ready },
  ];
  const lane: PodLane = {
    pod: `specimen-7f4d8c-${newNames[index]}`,
    node: nodes[index] ?? '',
    version: 'v2',
    bar,
    endpoint: [
      { state: 'unready', from: after(started, 10), to: ready },
      { state: 'ready', from: ready },
    ],
    listening: [{ state: 'listening', from: listen }],
    firstRouted,
    listenMarginMs: (firstRouted - listen) / 1000,
  };
  return { lane, ready };
}
