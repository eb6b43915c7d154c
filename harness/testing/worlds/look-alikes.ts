import type { Ms } from '../../model/units.ts';
import { endLife, newPod, nodes, oldPods, revisions, terminate } from './pods.ts';
import { type Dice, type Story, stories } from './stories.ts';
import { forever, type Outage, type Pod, times, type World } from './world.ts';

/** A story about three replicas, in which something happens to the first of them. */
const toOne =
  (story: string, more: (pod: Pod, at: Ms, dice: Dice) => Partial<World> & { readonly until: Ms }): Story =>
  (dice) => {
    const pods = oldPods();
    const at = times.fault + dice.between(100, 600);
    const { until, ...world } = more(pods[0] as Pod, at, dice);
    return { story, nodes, pods, end: until + 4500, ...world };
  };

/** The next new pod waits without an address while the old one is terminated, and then gets the old one's address. */
const addressGivenOn =
  (readiness: boolean): Story =>
  ({ between }) => {
    const pods = oldPods();
    const [old] = pods as [Pod];
    const deleted = times.fault + between(400, 800);
    terminate(old, deleted, { exitsAfter: 1500 });
    const fresh = newPod(0, deleted - between(100, 350), { startMs: between(500, 900), readiness });
    const later = (old.gone ?? 0) + between(20, 80) - (fresh.lives[0]?.boot ?? 0);
    const lives = fresh.lives.map(({ boot, listen }) => ({ boot: boot + later, listen: listen + later }));
    const ready = fresh.ready.map(({ from, to }) => ({ from: from + later, to }));
    const heir = { ...fresh, ip: old.ip, node: old.node, lives, ready };
    const end = (old.gone ?? 0) + 5000;
    return { story: 'an address given on', nodes, pods: [...pods, heir], end, readiness };
  };

/** The ways in which a pod's process can end by itself. */
const ends = {
  'by itself': { reason: 'Error', exitCode: 1, logged: true },
  'out of memory': { reason: 'OOMKilled', exitCode: 137, logged: false },
} as const;

/** A pod's process ends by itself, and the pod is deleted before the process is restarted. */
const deletedAfter = (end: (typeof ends)[keyof typeof ends]): Story =>
  toOne('a crash before a deletion', (pod, at) => {
    endLife(pod, { at, ...end });
    pod.deleted = at + 800;
    pod.gone = pod.deleted + 400;
    pod.ready = [{ from: 600, to: pod.deleted }];
    return { until: at + 1500 };
  });

const failedProbe = 'Container server failed liveness probe, will be restarted';

/**
 * The kubelet stops a pod's process because a probe failed. It restarts the process, or the pod is deleted before that.
 */
const endedByProbe = (isDeleted: boolean): Story =>
  toOne('a probe that fails', (pod, at, { between }) => {
    const back = at + between(1000, 1500);
    const end = { at: at + 5, reason: 'Completed', exitCode: 0, logged: true };
    pod.sigterm = at;
    pod.lives = [{ boot: 200, listen: 400, end }];
    if (isDeleted) {
      pod.deleted = at + 800;
      pod.gone = pod.deleted + 400;
      pod.ready = [{ from: 600, to: pod.deleted }];
    } else pod.lives = [...pod.lives, { boot: back, listen: back + between(300, 600) }];
    const events = [{ at: at - 10, subject: pod.name, reason: 'Killing', message: failedProbe }];
    return { until: back + 1000, events };
  });

/** Packets to a pod are dropped for a moment, and its node loses power soon after. */
const dropsBeforeCut = (also?: 'kept-alive'): Story =>
  toOne('packets lost before a power cut', (pod, at, { between }) => {
    const from = at + 1900 + between(0, 80);
    const outage: Outage = { node: pod.node, how: 'off', from, to: forever };
    pod.ready = [{ from: 600, to: from + 4000 }];
    const dropping = { pod: pod.name, from: at, to: at + 150, ...(also && { also }) };
    return { outages: [outage], dropping, until: from + 4000 };
  });

/**
 * New pods have the names of old ones and new UIDs, as in a StatefulSet. `ip`: whether they also have the same
 * addresses.
 */
const namesComeBack =
  (ip: 'same' | 'other'): Story =>
  ({ between }) => {
    const old = oldPods();
    let at = times.fault + 50;
    const fresh = old.map((before, index): Pod => {
      terminate(before, at, { exitsAfter: between(100, 400) });
      const created = (before.gone ?? at) + between(20, 80);
      const after = newPod(index, created, { startMs: between(500, 900), node: before.node, readiness: false });
      at = (after.lives[0]?.listen ?? created) + 300;
      return { ...after, name: before.name, uid: `uid-${after.name}`, ...(ip === 'same' && { ip: before.ip }) };
    });
    return { story: 'names that come back', nodes, pods: [...old, ...fresh], end: at + 3000, readiness: false };
  };

/** A sidecar ends once. */
const sidecarEnds = (more: (pod: Pod, at: Ms, dice: Dice) => Partial<World>): Story =>
  toOne('a sidecar that ends', (pod, at, dice) => {
    pod.sidecar = { ends: at, again: at + 1200 };
    return { until: at + 3500, ...more(pod, at, dice) };
  });

/**
 * The Service has no endpoints. Pods that need some time for an answer become ready when the packets of a request are
 * sent again.
 */
const sentAgain = (rejectedEntries: boolean): Story => {
  const empty = stories.recreate as Story;
  return (dice) => ({ ...empty(dice), sendsAgainAfter: 1900, rejectedEntries, work: () => 150 });
};

/**
 * Stories in which the evidence resembles that of another cause. In many of them the true cause cannot be determined,
 * so it may be left open. To name a wrong cause is an error.
 */
export const lookAlikes: { readonly [name: string]: Story } = {
  'an address given on': addressGivenOn(true),
  'an address given on without readiness': addressGivenOn(false),
  'a crash before a deletion': deletedAfter(ends['by itself']),
  'out of memory before a deletion': deletedAfter(ends['out of memory']),
  'a failed probe before a deletion': endedByProbe(true),
  'a failed probe': endedByProbe(false),
  'a kill after the client gave up': toOne('a kill that came too late', (pod, at) => {
    const end = { at: at + 3350, reason: 'OOMKilled', exitCode: 137, logged: false };
    pod.lives = [{ boot: 200, listen: 400, end }];
    return { hanging: { pod: pod.name, from: at, to: at + 80 }, until: end.at };
  }),
  'packets lost before a power cut': dropsBeforeCut(),
  'kept-alive packets lost before a power cut': dropsBeforeCut('kept-alive'),
  'no entries under rules that stand': (dice) => {
    const world = (stories['no pod ready'] as Story)(dice);
    const back = Math.max(...world.pods.map(({ ready }) => ready.at(-1)?.from ?? 0)) + dice.between(1600, 2000);
    return {
      ...world,
      tellsRules: 'iptables' as const,
      withoutEntries: { from: back, to: back + 200 },
      end: back + 4500,
    };
  },
  'no pod ready, and rules that tell': (dice) => ({
    ...(stories['no pod ready'] as Story)(dice),
    tellsRules: 'iptables' as const,
  }),
  'packets lost at a closed listener': toOne('packets lost', (pod, at) => {
    terminate(pod, at, { exitsAfter: 1500 });
    return { dropping: { pod: pod.name, from: at + 60, to: at + 1200, also: 'closed' }, until: at + 2500 };
  }),
  'requests late on their way': toOne('requests on a bad way', (pod, at) => ({
    delaying: { pod: pod.name, from: at, to: at + 500, ms: 1970 },
    until: at + 2500,
  })),
  'a process that hangs': toOne('a process that hangs', (pod, at) => ({
    standing: { pod: pod.name, from: at, to: at + 1970 },
    work: (reached, sent) => (reached === pod && sent >= at && sent < at + 1970 ? 300 : 1),
    until: at + 4000,
  })),
  'names that come back': namesComeBack('other'),
  'names that come back with their addresses': namesComeBack('same'),
  'a sidecar that ends': sidecarEnds((pod, at) => ({ dropping: { pod: pod.name, from: at + 2600, to: at + 2800 } })),
  'a sidecar that ends before its pod': sidecarEnds((pod, at, { between }) => {
    const back = at + between(2800, 3200);
    const end = { at: at + 2000, reason: 'OOMKilled', exitCode: 137, logged: false };
    pod.lives = [
      { boot: 200, listen: 400, end },
      { boot: back, listen: back + 300 },
    ];
    return {};
  }),
  'recreate without readiness': (dice) => {
    const world = (stories.recreate as Story)(dice);
    const pods = world.pods.map((pod) => {
      const [first] = pod.revision === revisions.new ? pod.lives : [];
      return first ? { ...pod, ready: [{ from: first.boot + 50, to: forever }] } : pod;
    });
    return { ...world, pods, readiness: false };
  },
  'packets sent again to a Service that was empty': sentAgain(false),
  'packets sent again after a rejected entry': sentAgain(true),
};
