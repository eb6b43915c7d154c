import type { PodLane } from '../../harness/model/finding.ts';
import { after, createdPod, nodeLane, type Scene, type Start, servingPod, workers } from './scene.ts';

const names = ['web-5b7d-6mwqc', 'web-5b7d-gk9dp', 'web-5b7d-tv2rl'];
const fourth = 'web-5b7d-zz8fn';

export const scaleWords = 'kubectl scale, or an autoscaler; disruption budgets do not apply';
export const scalePlaces = ['holdfast-worker2', 'holdfast-worker3', 'holdfast-worker4'];
export const oneBusyFree = ['holdfast-worker4', 'holdfast-worker4', 'holdfast-worker4'];
const reason =
  "0/5 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient cpu, 3 node(s) didn't match pod anti-affinity rules. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.";

/** Nothing but where the scheduler put them. */
export const placedScene =
  (places: readonly string[]) =>
  ({ baseline, zero }: Start): Scene => ({
    pods: places.map((node, index) => servingPod(names[index] ?? '', node, baseline)),
    failed: [],
    faultEnds: after(zero, 10),
  });

/** A fourth replica is asked for: a node is left for it, or it waits for one. */
export const scaledScene =
  (places: readonly string[], placed: boolean) =>
  (start: Start): Scene => {
    const { baseline, zero } = start;
    const scene = placedScene(places)(start);
    const created = after(zero, 0.08);
    const landed = placed
      ? { at: after(zero, 5), saw: 'scaled from 3 to 4' }
      : { at: after(zero, 0.2), saw: 'scaled from 3 to 4, and 1 found no node' };
    return {
      ...scene,
      pods: [
        ...scene.pods,
        placed
          ? unrouted(createdPod(fourth, 'holdfast-worker4', created, 3))
          : {
              ...servingPod(fourth, '', baseline),
              bar: [{ state: 'pending', from: created }],
              endpoint: [],
              listening: [],
            },
      ],
      disruptions: [
        { id: 'fourth-replica', fault: 'scale', faithfulTo: scaleWords, from: zero, to: scene.faultEnds, landed },
      ],
      nodes: workers.map((node) => nodeLane(node, baseline)),
      unscheduled: placed ? [] : [{ at: after(zero, 0.15), pod: fourth, reason }],
    };
  };

/** Nobody watches where connections go if none are made. */
const unrouted = ({ firstRouted: _, listenMarginMs: __, ...lane }: PodLane): PodLane => lane;
