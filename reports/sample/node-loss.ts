import type { DisruptionSpan, NodeLane, PodLane } from '../../harness/model/finding.ts';
import type { Micros } from '../../harness/model/units.ts';
import { failedRequests, onDeadNode } from './failures.ts';
import { after, createdPod, nodeLane, readyAt, type Scene, type Start, servingPod, workers } from './scene.ts';
import { rate } from './story.ts';

const dead = 'holdfast-worker4';
const names = ['web-78d4-2nxpl', 'web-78d4-7gq9s', 'web-78d4-kw4tm'];
const later = ['web-78d4-b8hzv', 'web-78d4-d5jrf', 'web-78d4-x6cnw'];

export const killWords =
  'a power cut or a kernel panic, except for TCP: the kernel still runs and may send a FIN or RST before the network namespace is removed';

/** Seconds after the cut: the node controller notices, the pods' toleration ends, the node is back. */
const [noticed, evicted, started] = [16.8, 27.1, 34];

/** Where the replicas stand when the power of worker4 is cut. */
export const spread = ['holdfast-worker2', 'holdfast-worker3', dead];
export const together = [dead, dead, dead];

export const quietNodes =
  (places: readonly string[]) =>
  ({ baseline, zero }: Start): Scene => ({
    pods: places.map((node, index) => servingPod(names[index] ?? '', node, baseline)),
    failed: [],
    faultEnds: after(zero, 25),
  });

/** Every process of one node is killed; its pods are replaced once their toleration ends. */
export const nodeLossScene =
  (places: readonly string[]) =>
  ({ baseline, zero }: Start): Scene => {
    const off = after(zero, 0.26);
    const back = after(zero, started + 8);
    const healed = after(back, 0.4);
    const lost = places.flatMap((node, index) => (node === dead ? [names[index] ?? ''] : []));
    const old = places.map((node, index): PodLane => {
      const lane = servingPod(names[index] ?? '', node, baseline);
      return node === dead ? lostPod(lane, zero, off, back) : lane;
    });
    const fresh = lost.map((_, index) =>
      createdPod(
        later[index] ?? '',
        index === 0 ? 'holdfast-worker' : 'holdfast-worker2',
        after(zero, evicted + 0.1),
        3,
      ),
    );
    const routedTo = lost.length === places.length ? Math.min(...fresh.map(readyAt)) : after(zero, noticed + 0.3);
    const share = lost.length / places.length;
    const gone = old.filter(({ node }) => node === dead);
    const failed = failedRequests(onDeadNode(gone, off, routedTo, rate * share));
    return {
      pods: [...old, ...fresh],
      failed,
      faultEnds: after(healed, 0.5),
      disruptions: [powerCut(zero, healed)],
      nodes: workers.map((node) => (node === dead ? deadNode(baseline, zero, off, back) : nodeLane(node, baseline))),
    };
  };

const lostPod = (lane: PodLane, zero: Micros, off: Micros, back: Micros): PodLane => {
  const [from] = lane.bar;
  const begun = from?.from ?? zero;
  return {
    ...lane,
    bar: [
      { state: 'ready', from: begun, to: after(zero, noticed) },
      { state: 'unready', from: after(zero, noticed), to: after(zero, evicted) },
      { state: 'terminating', from: after(zero, evicted), to: back },
    ],
    endpoint: [
      { state: 'ready', from: begun, to: after(zero, noticed + 0.02) },
      { state: 'unready', from: after(zero, noticed + 0.02), to: back },
    ],
    listening: [{ state: 'listening', from: begun, to: off }],
    firstRouted: begun,
    lastRouted: after(zero, noticed + 0.3),
  };
};

export const powerCut = (zero: Micros, healed: Micros): DisruptionSpan => ({
  id: 'power-cut',
  fault: 'node-kill',
  faithfulTo: killWords,
  from: zero,
  to: healed,
  landed: { at: after(zero, noticed), saw: `${dead} off, and not Ready` },
});

export const deadNode = (baseline: Micros, zero: Micros, off: Micros, back: Micros): NodeLane =>
  nodeLane(dead, baseline, {
    spans: [{ state: 'unknown', from: after(zero, noticed), to: back }],
    outages: [{ state: 'powered off', from: off, to: after(zero, started) }],
    takenBy: ['power-cut'],
  });
