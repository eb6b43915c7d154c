import assert from 'node:assert/strict';
import type { Json } from '../model/units.ts';
import { type DrainPlan, drained } from './drain.ts';
import { type EvictionsPlan, evicted } from './evictions.ts';
import { frozen, poweredOff, restarted } from './node-power.ts';
import { containersRestarted, crashLooping, podsReplaced, scaled } from './pods.ts';
import { engine, gone, injection, node, pod, type Sight, waiting, worldOf } from './testing/observed.ts';

describe('a power cut has landed', () => {
  const plan = { nodes: [{ name: 'w1' }, { name: 'w2' }] };
  const cut = [engine('w1', 'exited'), engine('w2', 'exited')];

  it('when the engine saw every node end, and none is Ready', () =>
    assert.deepEqual(poweredOff(worldOf(...cut, node('w1', 'Unknown'), node('w2', 'False')), plan, injection), {
      saw: 'w1, w2 off, and not Ready',
    }));

  it('not where a node was not Ready already, and its container runs', () =>
    assert.match(
      waiting(poweredOff(worldOf(node('w1', 'Unknown'), node('w2', 'Unknown')), plan, injection)),
      /w1, w2/,
    ));

  it('not by what the engine saw before', () =>
    assert.match(
      waiting(
        poweredOff(worldOf(...cut, node('w1', 'Unknown'), node('w2', 'Unknown')), plan, { id: 'it', since: 500 }),
      ),
      /the engine to say/,
    ));

  it('not while a node is Ready, nor for one that was only frozen', () => {
    assert.match(
      waiting(poweredOff(worldOf(...cut, node('w1', 'True'), node('w2', 'Unknown')), plan, injection)),
      /w1 to be/,
    );
    const paused = [engine('w1', 'paused'), engine('w2', 'paused'), node('w1', 'Unknown'), node('w2', 'Unknown')];
    assert.match(waiting(poweredOff(worldOf(...paused), plan, injection)), /w1, w2 is exited/);
    assert.ok('saw' in frozen(worldOf(...paused), plan, injection));
  });

  it('not by a watch that knows nothing of the node', () =>
    assert.match(waiting(poweredOff(worldOf(...cut), plan, injection)), /w1, w2 to be not Ready/));

  it('without a target never', () => assert.match(waiting(poweredOff(worldOf(), { nodes: [] }, injection)), /a node/));
});

describe('a restart has landed', () => {
  const plan = { nodes: [{ name: 'w1' }] };
  const lease: Sight = ['lease', 'modified', 'w1', { renewed: '' }];

  it('when the node ended, started and reported', () =>
    assert.ok(
      'saw' in
        restarted(worldOf(engine('w1', 'exited'), engine('w1', 'running'), node('w1', 'True'), lease), plan, injection),
    ));

  it('not before it reported, and not where it never ended', () => {
    const silent = worldOf(lease, engine('w1', 'exited'), engine('w1', 'running'), node('w1', 'True'));
    assert.match(waiting(restarted(silent, plan, injection)), /w1 to end/);
    assert.match(
      waiting(restarted(worldOf(engine('w1', 'running'), node('w1', 'True'), lease), plan, injection)),
      /w1 to end/,
    );
  });
});

describe('a drain has landed', () => {
  const plan: DrainPlan = {
    nodes: [{ name: 'w1', wasCordoned: false }],
    namespace: 'arm',
    pods: [
      { name: 'web-1', node: 'w1', namespace: 'arm' },
      { name: 'coredns', node: 'w1', namespace: 'kube-system' },
    ],
    retryMs: 5000,
    timeLimitMs: 1,
    finishes: true,
  };
  const answer = (code: number, disruption = 'it'): Sight => [
    'eviction',
    'answer',
    'web-1',
    { disruption, node: 'w1', code, message: '' },
  ];
  const cordoned = node('w1', 'True', true);

  it('when its node is cordoned, and its pod was allowed to go and went', () =>
    assert.deepEqual(
      drained(worldOf(cordoned, pod('web-1'), answer(429), answer(201), gone('web-1')), plan, injection),
      {
        saw: 'w1 drained: 1 pods evicted and gone, after 1 refusals',
      },
    ));

  it('not where it is refused for ever', () =>
    assert.match(
      waiting(drained(worldOf(cordoned, pod('web-1'), answer(429), answer(429)), plan, injection)),
      /web-1 to be evicted/,
    ));

  it('not where the pod went without being evicted by it', () => {
    assert.match(waiting(drained(worldOf(cordoned, pod('web-1'), gone('web-1')), plan, injection)), /web-1/);
    assert.match(waiting(drained(worldOf(cordoned, answer(201, 'other'), gone('web-1')), plan, injection)), /web-1/);
  });

  it('not on a node that takes pods', () =>
    assert.match(
      waiting(drained(worldOf(node('w1', 'True'), answer(201), gone('web-1')), plan, injection)),
      /w1 to be cordoned/,
    ));

  it('that must not finish: when its time is over, it was refused, and its pod stands', () => {
    const stuck = { ...plan, finishes: false };
    const late: Sight = ['lease', 'modified', 'w2', { renewed: '' }];
    const inTheEnd = (...sights: Sight[]) => {
      const world = worldOf(cordoned, pod('web-1'), ...sights);
      world.see({ at: 5000, source: late[0], type: late[1], subject: late[2], data: late[3] });
      return waiting(drained(world, stuck, injection));
    };
    assert.match(inTheEnd(answer(429)), /^saw w1: 1 evictions refused, 1 of 1 pods still there/);
    assert.match(inTheEnd(), /a budget to refuse/);
    assert.match(inTheEnd(answer(429), answer(201), gone('web-1')), /all went/);
  });
});

describe('an eviction has landed', () => {
  const plan: EvictionsPlan = {
    namespace: 'arm',
    pods: [{ name: 'web-1', node: 'w1', namespace: 'arm' }],
    retryMs: 5000,
    timeLimitMs: 1,
    finishes: true,
  };
  const answer = (code: number): Sight => [
    'eviction',
    'answer',
    'web-1',
    { disruption: 'it', node: 'w1', code, message: '' },
  ];

  it('when the pod was allowed to go and went, whatever becomes of its node', () =>
    assert.deepEqual(evicted(worldOf(pod('web-1'), answer(429), answer(201), gone('web-1')), plan, injection), {
      saw: '1 pods evicted and gone, after 1 refusals',
    }));

  it('not where it went by itself, is refused, or still stands', () => {
    assert.match(waiting(evicted(worldOf(pod('web-1'), gone('web-1')), plan, injection)), /web-1 to be evicted/);
    assert.match(waiting(evicted(worldOf(pod('web-1'), answer(404), gone('web-1')), plan, injection)), /web-1/);
    assert.match(waiting(evicted(worldOf(pod('web-1'), answer(429)), plan, injection)), /web-1 to be evicted/);
    assert.match(waiting(evicted(worldOf(pod('web-1'), answer(201)), plan, injection)), /and gone/);
  });

  it('without a target never', () =>
    assert.match(waiting(evicted(worldOf(answer(201)), { ...plan, pods: [] }, injection)), /pods to be evicted/));
});

describe('pods', () => {
  const slice = (...ready: string[]): Sight => [
    'endpointslice',
    'modified',
    'web',
    { service: 'web', endpoints: ready.map((name) => ({ pod: name, ready: true })) },
  ];

  it('are replaced when they were seen to go and others serve', () => {
    const plan = { pods: [{ name: 'web-1' }], replicas: 1 };
    assert.ok('saw' in podsReplaced(worldOf(pod('web-1'), gone('web-1'), slice('web-2')), plan, injection));
    assert.match(waiting(podsReplaced(worldOf(slice('web-2')), plan, injection)), /web-1 to be gone/);
    assert.match(waiting(podsReplaced(worldOf(gone('web-1'), slice()), plan, injection)), /0 of 1/);
  });

  it('were restarted when their container counts one more', () => {
    const plan = { pods: [{ name: 'web-1', restarts: 2 }], endedBy: 'SIGKILL' } as const;
    const counted = (restartCount: number, ended: Json = { reason: 'Error', exitCode: 137 }) =>
      worldOf(pod('web-1', { containers: [{ restartCount, ended }] }));
    assert.ok('saw' in containersRestarted(counted(3), plan, injection));
    assert.match(waiting(containersRestarted(counted(2), plan, injection)), /web-1 to be restarted/);
    assert.match(waiting(containersRestarted(counted(3, null), plan, injection)), /after SIGKILL/);
    assert.match(
      waiting(containersRestarted(counted(3, { reason: 'Error', exitCode: 1 }), plan, injection)),
      /SIGKILL/,
    );
    const memory = { ...plan, endedBy: 'OOMKilled' } as const;
    assert.match(waiting(containersRestarted(counted(3), memory, injection)), /after OOMKilled/);
    assert.ok('saw' in containersRestarted(counted(3, { reason: 'OOMKilled', exitCode: 137 }), memory, injection));
  });

  it('loop when the kubelet waits after their last crash', () => {
    const plan = { pod: { name: 'web-1', restarts: 1 }, crashes: 2 };
    const waits = (restartCount: number, state = 'waiting', reason = 'CrashLoopBackOff') =>
      crashLooping(worldOf(pod('web-1', { containers: [{ restartCount, state, reason }] })), plan, injection);
    assert.deepEqual(waits(2), { saw: 'web-1 in CrashLoopBackOff, after 2 crashes' });
    assert.match(waiting(waits(1)), /web-1 to be in CrashLoopBackOff/);
    assert.match(waiting(waits(2, 'running', '')), /web-1/);
    assert.match(waiting(waits(2, 'waiting', 'ContainerCreating')), /web-1/);
  });

  it('that are too many were seen to find no node', () => {
    const plan = { deployment: 'web', from: 1, to: 2, before: ['web-1'], pending: true };
    const wanted: Sight = ['deployment', 'modified', 'web', { desired: 2, available: 1, replicas: 2 }];
    const refused: Sight = [
      'k8s-event',
      'added',
      'web-2',
      { kind: 'Pod', reason: 'FailedScheduling', message: '', type: '' },
    ];
    const added = pod('web-2', { phase: 'Pending', node: '' });
    assert.ok('saw' in scaled(worldOf(wanted, pod('web-1'), added, refused), plan, injection));
    assert.match(waiting(scaled(worldOf(wanted, pod('web-1'), added), plan, injection)), /0 of 1 pods to find no node/);
    assert.match(waiting(scaled(worldOf(wanted, pod('web-1'), pod('web-2'), refused), plan, injection)), /0 of 1/);
  });
});
