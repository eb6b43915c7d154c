import type { Ms } from '../../model/units.ts';
import { nodeOf, objectOf, subjectOf } from './about.ts';
import { noticedAfter } from './events.ts';
import { newPod, nodes, oldPods, podObject, terminate } from './pods.ts';
import type { Story } from './stories.ts';
import { forever, type Note, type Pod, times } from './world.ts';

const fault = (at: Ms, type: string, id: string, data: object): Note => ({
  at,
  source: 'fault',
  type,
  about: subjectOf(id),
  data,
});

const cordoned = (at: Ms, node: string): Note => ({
  at,
  source: 'node',
  type: 'modified',
  about: nodeOf(node),
  data: { ready: 'True', unschedulable: true, taints: [], conditions: [], zone: '', rack: '' },
});

const answer = (at: Ms, pod: string, code: number): Note => ({
  at,
  source: 'eviction',
  type: 'answer',
  about: podObject({ name: pod }),
  data: { disruption: 'drain', node: '', code, message: code === 429 ? 'it would violate the budget' : '' },
});

const budget = (at: Ms, healthy: number): Note => ({
  at,
  source: 'budget',
  type: 'modified',
  about: objectOf('PodDisruptionBudget', 'web'),
  data: { desiredHealthy: 2, currentHealthy: healthy, expectedPods: 3, disruptionsAllowed: healthy - 2 },
});

/** Properties that new pods inherit from old ones, as in a StatefulSet, or in a cluster that reuses addresses. */
interface Heirs {
  /** They have the names of the old ones, with new UIDs. */
  readonly names?: true;
  readonly addresses?: true;
  /** They exist, without an address, while the old ones are still there. */
  readonly pending?: true;
}

/** A new pod that gets an address, and starts, after the old one is deleted. */
function heirOf(old: Pod, fresh: Pod, { names, addresses }: Heirs): Pod {
  const later = (old.gone ?? 0) + 60 - (fresh.lives[0]?.boot ?? 0);
  return {
    ...fresh,
    lives: fresh.lives.map(({ boot, listen }) => ({ boot: boot + later, listen: listen + later })),
    ready: fresh.ready.map(({ from, to }) => ({ from: from + later, to })),
    ...(names && { name: old.name, uid: `uid-${fresh.name}` }),
    ...(addresses && { ip: old.ip }),
  };
}

/** Three nodes are drained at once. A budget allows one eviction at a time, so no request is lost. */
const drained =
  (heirs?: Heirs): Story =>
  () => {
    const old = oldPods();
    const began = times.fault + 50;
    const turns = old.map((_, index) => began + index * (heirs ? 6000 : 2600));
    for (const [index, pod] of old.entries()) terminate(pod, turns[index] ?? began, { preStopMs: 2000 });
    const fresh = old.map((pod, index) => {
      const created = heirs && !heirs.pending ? (pod.gone ?? 0) + 30 : (turns[index] ?? began) + 40;
      const next = newPod(index, created, { node: 'w4' });
      return heirs ? heirOf(pod, next, heirs) : next;
    });
    const lastGone = Math.max(...old.map(({ gone }) => gone ?? 0));
    const drained = ['w1', 'w2', 'w3'];
    const pods = old.map(({ name, node }) => ({ name, node, namespace: 'hf-world' }));
    const planned = {
      nodes: drained.map((name) => ({ name, wasCordoned: false })),
      namespace: 'hf-world',
      pods,
      retryMs: 500,
      timeLimitMs: 60_000,
      finishes: true,
    };
    const refused = old.flatMap(({ name }, index) =>
      Array.from({ length: index * 5 }, (_, time) => answer(began + 5 + time * 500, name, 429)),
    );
    const notes = [
      fault(began - 30, 'intent', 'drain', { fault: 'drain', plan: planned }),
      ...drained.map((node) => cordoned(began - 10, node)),
      budget(200, 3),
      ...old.map(({ name }, index) => answer(turns[index] ?? began, name, 201)),
      ...turns.map((at) => budget(at + 8, 2)),
      ...fresh.map(({ ready: [span] }) => budget((span?.from ?? 0) + 15, 3)),
      ...refused,
      fault(lastGone + 200, 'injected', 'drain', { fault: 'drain' }),
      fault(lastGone + 300, 'landed', 'drain', { fault: 'drain', saw: '' }),
      fault(lastGone + 310, 'healed', 'drain', { fault: 'drain' }),
    ];
    return {
      story: 'a drain under a budget',
      nodes: [...nodes, 'w4'],
      pods: [...old, ...fresh],
      end: lastGone + 1500,
      preStopMs: 2000,
      notes,
      budget: [{ minAvailable: 2 }],
      plan: {
        role: 'treatment',
        disruptions: [{ id: 'drain', when: { atMs: 0 }, fault: { name: 'drain', params: {} }, limitMs: 60_000 }],
        expect: { kind: 'no-loss' },
        demands: [
          { kind: 'ready-endpoints', atLeast: 2 },
          { kind: 'evictions-refused', atLeast: 1 },
          { kind: 'running-at-end', atLeast: 3 },
        ],
      },
    };
  };

export const drainUnderABudget: Story = drained();

/** The same with new pods that inherit names or addresses. */
export const drainsWithHeirs: { readonly [what: string]: Story } = {
  'new pods with the names of old ones, as in a StatefulSet': drained({ names: true }),
  'new pods with the names and addresses of old ones': drained({ names: true, addresses: true }),
  'new pods with the addresses of old ones': drained({ addresses: true }),
  'new pods that waited for the addresses of old ones': drained({ addresses: true, pending: true }),
};

/** A power cut on one of three nodes. A share of the requests is lost until the endpoint of its pod is removed. */
export const lossOfOneNode: Story = () => {
  const pods = oldPods();
  const from = times.fault + 100;
  for (const pod of pods) if (pod.node === 'w1') pod.ready = [{ from: 600, to: from + noticedAfter }];
  const landed = from + noticedAfter + 400;
  const end = landed + 5000;
  return {
    story: 'a node off',
    nodes,
    pods,
    end,
    outages: [{ node: 'w1', how: 'off', from, to: forever }],
    longPortWalk: true,
    notes: [
      fault(from - 50, 'intent', 'cut', { fault: 'node-kill', plan: { nodes: [{ name: 'w1' }] } }),
      fault(from + 50, 'injected', 'cut', { fault: 'node-kill' }),
      fault(landed, 'landed', 'cut', { fault: 'node-kill', saw: '' }),
      fault(end - 600, 'healed', 'cut', { fault: 'node-kill' }),
    ],
    plan: {
      role: 'treatment',
      disruptions: [
        {
          id: 'cut',
          when: { atMs: 0 },
          fault: { name: 'node-kill', params: {} },
          until: { ms: 4000 },
          limitMs: 60_000,
        },
      ],
      expect: {
        kind: 'bounded-loss',
        causes: ['node-down', 'lost-with-its-node'],
        afterwards: ['stale-conntrack'],
        windowMs: 2000,
        shareAtMost: 0.7,
      },
      demands: [{ kind: 'running-at-end', atLeast: 2 }],
    },
  };
};
