import type { BudgetLane, Eviction, PodLane } from '../../harness/model/finding.ts';
import type { Micros } from '../../harness/model/units.ts';
import { failedRequests, nobodyThere } from './failures.ts';
import {
  after,
  createdPod,
  deletedPod,
  nodeLane,
  readyAt,
  type Scene,
  type Start,
  servingPod,
  workers,
} from './scene.ts';
import { rate } from './story.ts';

const preStop = 5;
const startSeconds = 15;
const pods = [
  ['web-6c9f-4q7ld', 'holdfast-worker2', 'web-6c9f-pm2xz'],
  ['web-6c9f-9tkwb', 'holdfast-worker3', 'web-6c9f-r8vjn'],
  ['web-6c9f-hx5rc', 'holdfast-worker4', 'web-6c9f-zc6tq'],
] as const;
const drained = pods.map(([, node]) => node);
const spare = 'holdfast-worker';

export const drainWords =
  'kubectl drain: it uses the same API, retries each pod every 5 s, and does not wait for replacements';
const refusal =
  "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget web needs 2 healthy pods and has 2 currently";

/** Nothing is drained. */
export const quietScene = ({ baseline, zero }: Start): Scene => ({
  pods: pods.map(([pod, node]) => servingPod(pod, node, baseline)),
  failed: [],
  faultEnds: after(zero, 25),
});

/** Three nodes at the same instant. With a budget one pod goes at a time, once its forerunner's replacement is ready. */
export const drainScene =
  ({ budget }: { readonly budget: boolean }) =>
  ({ baseline, zero }: Start): Scene => {
    const asked = (round: number) => after(zero, 0.2 + 5.01 * round);
    const lanes: PodLane[] = [];
    const evictions: Eviction[] = [];
    let round = 0;
    for (const [index, [pod, node, replacement]] of pods.entries()) {
      const allowed = asked(budget ? round : 0);
      for (let refused = 0; budget && refused < round; refused++)
        evictions.push(eviction(asked(refused), pod, node, 429, refusal));
      evictions.push(eviction(after(allowed, index * 0.004), pod, node, 201, ''));
      const created = createdPod(replacement, spare, after(allowed, 0.05), startSeconds);
      lanes.push(deletedPod(servingPod(pod, node, baseline), allowed, preStop), created);
      while (asked(round) < readyAt(created)) round += 1;
    }
    const gone = Math.max(...lanes.flatMap(({ bar }) => bar.flatMap(({ to }) => to ?? [])));
    const back = Math.min(...lanes.filter(({ node }) => node === spare).map(readyAt));
    const closed = after(zero, 0.2 + preStop + 0.04);
    const landed = after(gone, 0.1);
    const healed = after(landed, 0.1);
    const faultEnds = Math.max(after(healed, 1), after(back, 1));
    return {
      pods: lanes,
      failed: budget ? [] : failedRequests(nobodyThere(closed, after(back, 0.15), rate)),
      faultEnds,
      disruptions: [
        {
          id: 'drain',
          fault: 'drain',
          faithfulTo: drainWords,
          from: zero,
          to: healed,
          landed: {
            at: landed,
            saw: `${drained.join(', ')} drained: 3 pods evicted and gone, after ${evictions.length - 3} refusals`,
          },
        },
      ],
      nodes: workers.map((node) =>
        node === spare
          ? nodeLane(node, baseline)
          : nodeLane(node, baseline, {
              spans: [{ state: 'cordoned', from: after(zero, 0.15), to: healed }],
              takenBy: ['drain'],
            }),
      ),
      evictions: evictions.toSorted((one, other) => one.at - other.at),
      budgets: budget ? [budgetLane(baseline, lanes)] : [],
    };
  };

const eviction = (at: Micros, pod: string, node: string, code: number, message: string): Eviction => ({
  at,
  pod,
  node,
  disruption: 'drain',
  code,
  message,
});

/** What the controller of a budget of two of three says of such pods. */
export function budgetLane(baseline: Micros, lanes: readonly PodLane[]): BudgetLane {
  const ready = lanes.flatMap(({ endpoint }) => endpoint.filter(({ state }) => state === 'ready'));
  const moments = [
    ...new Set([baseline, ...ready.flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [to])])]),
  ];
  return {
    budget: 'web',
    changes: moments
      .sort((one, other) => one - other)
      .map((at) => {
        const healthy = ready.filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= at && at < to).length;
        return {
          at: after(at, 0.03),
          desiredHealthy: 2,
          currentHealthy: healthy,
          expectedPods: 3,
          disruptionsAllowed: Math.max(0, healthy - 2),
        };
      }),
  };
}
