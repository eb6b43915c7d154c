import type { Ms } from '../../model/units.ts';
import { noticedAfter } from './events.ts';
import { endLife, newPod, nodes, oldPods, replaceInTurn, terminate } from './pods.ts';
import { forever, type Outage, type Pod, times, type World } from './world.ts';

/** The random choices that differ between two recordings of the same story. */
export interface Dice {
  readonly random: () => number;
  readonly between: (from: number, to: number) => number;
}

export type Story = (dice: Dice) => World;

const rollout =
  (readiness: boolean, preStopMs: Ms, { work, wireMs }: Pick<World, 'work' | 'wireMs'> = {}): Story =>
  ({ between }) => {
    const old = oldPods();
    const fresh = replaceInTurn(old, times.fault + 50, {
      newPod: (index, created) => newPod(index, created, { startMs: between(700, 1500), readiness }),
      preStopMs,
      exitsAfter: work || wireMs ? 40 : 1500,
    });
    const end = Math.max(...old.map(({ gone }) => gone ?? 0)) + 2500;
    return {
      story: 'a rollout',
      nodes,
      pods: [...old, ...fresh],
      end,
      readiness,
      preStopMs,
      ...(work && { work }),
      ...(wireMs && { wireMs }),
    };
  };

/** All old pods are terminated at the same time. The new ones start later. */
const together =
  (story: string, more: (old: readonly Pod[], at: Ms) => Partial<World>): Story =>
  ({ between }) => {
    const old = oldPods();
    for (const pod of old) terminate(pod, times.fault + between(0, 20), { exitsAfter: between(200, 900) });
    const created = times.fault + between(900, 1500);
    const fresh = old.map((_, index) => newPod(index, created, { startMs: between(1000, 2000) }));
    return { story, nodes, pods: [...old, ...fresh], end: created + 5000, ...more(old, times.fault) };
  };

const nodeOutage =
  (how: Outage['how'], all: boolean, more: Partial<World> = {}): Story =>
  ({ between }) => {
    const pods = oldPods(all ? ['w1', 'w1', 'w1'] : ['w1', 'w2', 'w3']);
    const from = times.fault + between(0, 800);
    for (const pod of pods) if (pod.node === 'w1') pod.ready = [{ from: 600, to: from + noticedAfter }];
    if (how === 'off')
      for (const pod of pods)
        if (pod.node === 'w1') endLife(pod, { at: from, reason: '', exitCode: 137, logged: false });
    const outages = [{ node: 'w1', how, from, to: forever }];
    return {
      story: `a node ${how}`,
      nodes,
      pods: pods.map(withoutEnd(how)),
      outages,
      end: from + noticedAfter + 4500,
      ...more,
    };
  };

/** The same story, but one node also loses power at a time that depends on the other events. */
const duringPowerCut =
  (story: Story, cut: (world: World, dice: Dice) => Pick<Outage, 'node' | 'from'>): Story =>
  (dice) => {
    const world = story(dice);
    const { node, from } = cut(world, dice);
    return {
      ...world,
      story: `${world.story} during a power cut`,
      pods: world.pods.map((pod) => (pod.node === node ? endedWithNode(pod, from) : pod)),
      outages: [{ node, how: 'off', from, to: forever }],
      end: from + noticedAfter + 4500,
    };
  };

/** Removes all later events of a pod whose node lost power. */
const endedWithNode = ({ gone, ...pod }: Pod, at: Ms): Pod => ({
  ...pod,
  lives: pod.lives
    .filter(({ boot }) => boot < at)
    .map(({ boot, listen, end }) => ({
      boot,
      listen: listen < at ? listen : forever,
      ...(end && end.at < at && { end }),
    })),
  ready: pod.ready.map(({ from, to }) => ({ from, to: Math.min(to, at + noticedAfter) })),
  ...(gone !== undefined && gone < at && { gone }),
});

/** The end of a container on a node that loses power is not reported. The engine reports only the node. */
const withoutEnd =
  (how: Outage['how']) =>
  (pod: Pod): Pod =>
    how === 'off' ? { ...pod, lives: pod.lives.map(({ boot, listen }) => ({ boot, listen })) } : pod;

const crash =
  (
    story: string,
    end: { reason: string; exitCode: number; logged: boolean },
    event?: { reason: string; message: string },
  ): Story =>
  ({ between }) => {
    const pods = oldPods();
    const [pod] = pods;
    const at = times.fault + between(100, 600);
    const back = at + between(600, 1200);
    if (pod) {
      pod.lives = [
        { boot: 200, listen: 400, end: { at, ...end } },
        { boot: back, listen: back + between(300, 900) },
      ];
      // No probe notices the crash before the restart.
      pod.ready = [{ from: 600, to: forever }];
    }
    const events = event && pod ? [{ at: at - 50, subject: pod.name, ...event }] : [];
    return { story, nodes, pods, events, end: back + 4500, work: (reached) => (reached === pod ? 120 : 1) };
  };

/** The process starts without a delay, and listens before a watch reports it. Later packets to it are dropped. */
const overAtOnce: Story = ({ between }) => {
  const pods = oldPods();
  const [pod] = pods;
  const at = times.fault + between(100, 600);
  const back = at + between(100, 300);
  const listen = back + between(50, 150);
  const from = listen + between(900, 1300);
  if (pod)
    pod.lives = [
      { boot: 200, listen: 400, end: { at, reason: 'Error', exitCode: 1, logged: true } },
      { boot: back, listen },
    ];
  const dropping = { pod: 'web-old-0', from, to: from + between(400, 800) };
  return { story: 'a crash that is over at once', nodes, pods, dropping, end: from + 4500 };
};

const graceExceeded: Story = ({ between }) => {
  const pods = oldPods();
  const [pod] = pods;
  if (pod) terminate(pod, times.fault + between(0, 300), { killed: true, exitsAfter: 2000 });
  const slow = between(1300, 1900);
  return {
    story: 'a grace period too short',
    nodes,
    pods,
    graceMs: 2000,
    end: times.fault + 6000,
    work: (reached) => (reached === pod ? slow : 1),
  };
};

const overloaded: Story = ({ between }) => {
  const [from, to] = [times.fault + between(0, 300), times.fault + between(1500, 2500)];
  const pods = oldPods();
  return {
    story: 'an overload',
    nodes,
    pods,
    end: to + 5000,
    work: (pod, at) => (pod === pods[0] && at >= from && at < to ? 2500 : 1),
  };
};

const unready: Story = ({ between }) => {
  const pods = oldPods();
  const at = times.fault + between(0, 500);
  for (const pod of pods)
    pod.ready = [
      { from: 600, to: at + between(0, 30) },
      { from: at + 2500, to: forever },
    ];
  return { story: 'no pod ready', nodes, pods, end: at + 6500 };
};

const quiet =
  (story: string, more: (from: Ms, to: Ms, pods: readonly Pod[]) => Partial<World>): Story =>
  ({ between }) => {
    const pods = oldPods();
    const from = times.fault + between(0, 500);
    return { story, nodes, pods, end: from + 4500, ...more(from, from + between(400, 1200), pods) };
  };

const evicted = (old: readonly Pod[], at: Ms): Partial<World> => ({
  evictions: old.map(({ name }) => ({ at, pod: name, code: 201 })),
});

/** Each cause is true in at least one story. In one story, no evidence shows the cause. */
export const stories: { readonly [name: string]: Story } = {
  'rollout without readiness and preStop': rollout(false, 0),
  'rollout without readiness': rollout(false, 2000),
  'rollout without preStop': rollout(true, 0),
  'rollout that drops what it works on': rollout(true, 0, { work: () => 60 }),
  'rollout over a slow network': rollout(true, 2000, { wireMs: 45 }),
  'rollout on a network that drops': (dice) => ({
    ...rollout(true, 0)(dice),
    dropping: { pod: 'web-old-2', from: times.fault + 1000, to: times.fault + dice.between(1600, 2600) },
  }),
  'rollout during a power cut': duringPowerCut(
    rollout(true, 0, { work: () => 60 }),
    ({ pods: [, old] }, { between }) => ({ node: 'w2', from: (old?.close ?? 0) + between(100, 1800) }),
  ),
  'rollout without readiness during a power cut': duringPowerCut(rollout(false, 0), ({ pods }, { between }) => ({
    node: 'w2',
    from: (pods.find(({ name }) => name === 'web-new-1')?.lives[0]?.listen ?? 0) - between(10, 60),
  })),
  recreate: together('recreate', () => ({ recreate: true })),
  'every pod evicted': together('evicted', evicted),
  'scaled to zero and back': together('scaled', (_, at) => ({
    desired: [
      { at, count: 0 },
      { at: at + 800, count: 3 },
    ],
  })),
  'every pod preempted': together('preempted', (old, at) => ({
    events: old.map(({ name }) => ({
      at,
      subject: name,
      reason: 'Preempted',
      message: 'Preempted by a pod on node w1',
    })),
  })),
  'no pod ready': unready,
  'a node off': nodeOutage('off', false),
  'every pod on a node that goes off': nodeOutage('off', true),
  'a node frozen': nodeOutage('frozen', false),
  'a node cut off': nodeOutage('cut off', false),
  'a node off while the API server is down': nodeOutage('off', false, {
    apiDown: { from: times.fault - 300, to: times.fault + 6500 },
  }),
  crash: crash('a crash', { reason: 'Error', exitCode: 1, logged: true }),
  'a crash that is over at once': overAtOnce,
  'a crash during a power cut': duringPowerCut(
    crash('a crash', { reason: 'Error', exitCode: 1, logged: true }),
    ({ pods: [pod] }, { between }) => ({ node: 'w1', from: (pod?.lives[0]?.end?.at ?? 0) + between(100, 550) }),
  ),
  'out of memory': crash('out of memory', { reason: 'OOMKilled', exitCode: 137, logged: false }),
  'restarted by its probe': crash(
    'a probe',
    { reason: 'Error', exitCode: 137, logged: false },
    {
      reason: 'Killing',
      message: 'Container server failed liveness probe, will be restarted',
    },
  ),
  'a grace period too short': graceExceeded,
  overload: overloaded,
  'answers lost': quiet('answers lost', (from, to) => ({ lossy: { from, to } })),
  'an application that fails': quiet('errors', (from, to, [pod]) => ({
    status: (reached, at) => (reached === pod && at >= from && at < to ? 503 : 200),
  })),
  'no port': quiet('no port', (from, to) => ({ withoutPorts: { from, to } })),
  'no DNS': quiet('no DNS', (from, to) => ({ withoutDns: { from, to } })),
};
