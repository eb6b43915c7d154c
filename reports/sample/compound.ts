import type { Eviction, PodLane } from '../../harness/model/finding.ts';
import { budgetLane, drainWords } from './drain.ts';
import { failedRequests, nobodyThere, onDeadNode } from './failures.ts';
import { deadNode, killWords } from './node-loss.ts';
import { rolloutWords } from './rollout.ts';
import { after, createdPod, deletedPod, nodeLane, type Scene, type Start, servingPod, workers } from './scene.ts';
import { rate } from './story.ts';

const drained = 'holdfast-worker3';
const dead = 'holdfast-worker4';

/**
 * A rollout begins; while its first pod stops, the second pod's node is drained; then the power of the third is cut.
 * With a budget the drain is refused until the new pods are ready, so that the loss of the third leaves somebody.
 */
export const compoundScene =
  ({ budget }: { readonly budget: boolean }) =>
  ({ baseline, zero }: Start): Scene => {
    const old = [
      servingPod('web-84f6-5cmqk', 'holdfast-worker2', baseline),
      servingPod('web-84f6-ltz8w', drained, baseline),
      servingPod('web-84f6-vr4nx', dead, baseline),
    ] as const;
    const first = createdPod('web-9d2b-8hxjd', 'holdfast-worker', after(zero, 0.1), 3, '2');
    const drain = after(zero, 5.2);
    const cut = after(zero, 9);
    const allowed = after(drain, budget ? 10.2 : 0.2);
    const second = createdPod('web-9d2b-f6vqp', 'holdfast-worker2', after(zero, budget ? 10.5 : 26.2), 3, '2');
    const third = createdPod('web-9d2b-s3kzm', 'holdfast-worker', after(cut, 27.2), 3, '2');
    const routeGone = after(cut, 17.11);
    const back = after(cut, 42);
    const kept = budget ? [first] : [crashed(first, cut)];
    const lost: PodLane = {
      ...old[2],
      bar: [
        { state: 'ready', from: baseline, to: after(cut, 16.8) },
        { state: 'unready', from: after(cut, 16.8), to: after(cut, 27.1) },
        { state: 'terminating', from: after(cut, 27.1), to: back },
      ],
      endpoint: [
        { state: 'ready', from: baseline, to: after(cut, 16.8) },
        { state: 'unready', from: after(cut, 16.8), to: back },
      ],
      listening: [{ state: 'listening', from: baseline, to: after(cut, 0.26) }],
    };
    const pods = [
      deletedPod(old[0], after(zero, 4.6), 5),
      deletedPod(old[1], allowed, 5),
      lost,
      ...kept,
      second,
      third,
    ];
    const share = budget ? 1 / 3 : 1;
    const silent = budget ? [] : nobodyThere(routeGone, after(zero, 31), rate);
    const answers = budget ? [429, 429, 201] : [201];
    return {
      pods,
      failed: failedRequests([...onDeadNode([lost], after(cut, 0.26), routeGone, rate * share), ...silent]),
      faultEnds: after(back, 1),
      disruptions: [
        {
          id: 'new-version',
          fault: 'rollout',
          faithfulTo: rolloutWords,
          from: zero,
          to: after(third.bar[2]?.from ?? cut, 1),
          landed: { at: after(cut, 31.5), saw: 'all 3 pods of version 1 replaced by 3 of version 2' },
        },
        {
          id: 'maintenance',
          fault: 'drain',
          faithfulTo: drainWords,
          from: drain,
          to: after(allowed, 8.8),
          landed: {
            at: after(allowed, 8.6),
            saw: `${drained} drained: 1 pod evicted and gone, after ${answers.length - 1} refusals`,
          },
        },
        {
          id: 'power-cut',
          fault: 'node-kill',
          faithfulTo: killWords,
          from: cut,
          to: after(back, 0.4),
          landed: { at: after(cut, 16.8), saw: `${dead} off, and not Ready` },
        },
      ],
      nodes: workers.map((node) => {
        if (node === dead) return deadNode(baseline, cut, after(cut, 0.26), back);
        if (node !== drained) return nodeLane(node, baseline);
        return nodeLane(node, baseline, {
          spans: [{ state: 'cordoned', from: after(drain, 0.1), to: after(allowed, 8.8) }],
          takenBy: ['maintenance'],
        });
      }),
      budgets: budget ? [budgetLane(baseline, pods)] : [],
      evictions: answers.map(
        (code, index): Eviction => ({
          at: after(drain, 0.2 + index * 5),
          pod: old[1].pod,
          node: drained,
          disruption: 'maintenance',
          code,
          message: code === 429 ? "Cannot evict pod as it would violate the pod's disruption budget." : '',
        }),
      ),
    };
  };

/** Its container ended by itself, and is started again too late. */
const crashed = (lane: PodLane, at: number): PodLane => ({
  ...lane,
  bar: [
    ...lane.bar.slice(0, -1),
    { state: 'ready', from: lane.bar.at(-1)?.from ?? at, to: at },
    { state: 'unready', from: at, to: after(at, 22) },
    { state: 'ready', from: after(at, 22) },
  ],
  endpoint: [
    ...lane.endpoint.slice(0, -1),
    { state: 'ready', from: lane.endpoint.at(-1)?.from ?? at, to: after(at, 0.1) },
    { state: 'unready', from: after(at, 0.1), to: after(at, 22) },
    { state: 'ready', from: after(at, 22) },
  ],
  listening: lane.listening.flatMap((span) => [
    { ...span, to: at },
    { state: 'listening' as const, from: after(at, 21.5) },
  ]),
});
