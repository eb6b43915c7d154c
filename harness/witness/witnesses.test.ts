import assert from 'node:assert/strict';
import type { Json } from '../model/units.ts';
import { type DrainPlan, drained } from './drain.ts';
import { type EvictionsPlan, evicted } from './evictions.ts';
import { frozen, poweredOff, restarted } from './node-power.ts';
import { containersRestarted, crashLooping, podsReplaced, scaled } from './pods.ts';
import { engine, gone, injection, node, type ObservedEvent, observedOf, pod, waiting } from './testing/observed.ts';

describe('a power cut has landed', () => {
  const plan = { nodes: [{ name: 'w1' }, { name: 'w2' }] };
  const cut = [engine('w1', 'exited'), engine('w2', 'exited')];

  it('when the engine saw every node stop, and none is Ready', () =>
    assert.deepEqual(poweredOff(observedOf(...cut, node('w1', 'Unknown'), node('w2', 'False')), plan, injection), {
      saw: 'w1, w2 off, and not Ready',
    }));

  it('not if a node was not Ready before, and its container runs', () =>
    assert.match(
      waiting(poweredOff(observedOf(node('w1', 'Unknown'), node('w2', 'Unknown')), plan, injection)),
      /w1, w2/,
    ));

  it('not with earlier events of the engine', () =>
    assert.match(
      waiting(
        poweredOff(observedOf(...cut, node('w1', 'Unknown'), node('w2', 'Unknown')), plan, { id: 'it', since: 500 }),
      ),
      /the engine to report/,
    ));

  it('not while a node is Ready, nor if it was only frozen', () => {
    assert.match(
      waiting(poweredOff(observedOf(...cut, node('w1', 'True'), node('w2', 'Unknown')), plan, injection)),
      /w1 to be/,
    );
    const paused = [engine('w1', 'paused'), engine('w2', 'paused'), node('w1', 'Unknown'), node('w2', 'Unknown')];
    assert.match(waiting(poweredOff(observedOf(...paused), plan, injection)), /w1, w2 is exited/);
    assert.ok('saw' in frozen(observedOf(...paused), plan, injection));
  });

  it('not if no watch has seen the node', () =>
    assert.match(waiting(poweredOff(observedOf(...cut), plan, injection)), /w1, w2 to be not Ready/));

  it('without a target never', () =>
    assert.match(waiting(poweredOff(observedOf(), { nodes: [] }, injection)), /a node/));
});

describe('a restart has landed', () => {
  const plan = { nodes: [{ name: 'w1' }] };
  const lease: ObservedEvent = ['lease', 'modified', 'w1', { renewed: '' }];

  it('when the node stopped, started and reported', () =>
    assert.ok(
      'saw' in
        restarted(
          observedOf(engine('w1', 'exited'), engine('w1', 'running'), node('w1', 'True'), lease),
          plan,
          injection,
        ),
    ));

  it('not before it reported, and not if it never stopped', () => {
    const silent = observedOf(lease, engine('w1', 'exited'), engine('w1', 'running'), node('w1', 'True'));
    assert.match(waiting(restarted(silent, plan, injection)), /w1 to stop/);
    assert.match(
      waiting(restarted(observedOf(engine('w1', 'running'), node('w1', 'True'), lease), plan, injection)),
      /w1 to stop/,
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
  const answer = (code: number, disruption = 'it'): ObservedEvent => [
    'eviction',
    'answer',
    'web-1',
    { disruption, node: 'w1', code, message: '' },
  ];
  const cordoned = node('w1', 'True', true);

  it('when its node is cordoned, and its pod was evicted and is gone', () =>
    assert.deepEqual(
      drained(observedOf(cordoned, pod('web-1'), answer(429), answer(201), gone('web-1')), plan, injection),
      {
        saw: 'w1 drained: 1 pods evicted and gone, after 1 refusals',
      },
    ));

  it('not if every eviction is refused', () =>
    assert.match(
      waiting(drained(observedOf(cordoned, pod('web-1'), answer(429), answer(429)), plan, injection)),
      /web-1 to be evicted/,
    ));

  it('not if the pod is gone without its eviction', () => {
    assert.match(waiting(drained(observedOf(cordoned, pod('web-1'), gone('web-1')), plan, injection)), /web-1/);
    assert.match(waiting(drained(observedOf(cordoned, answer(201, 'other'), gone('web-1')), plan, injection)), /web-1/);
  });

  it('not if the node is schedulable', () =>
    assert.match(
      waiting(drained(observedOf(node('w1', 'True'), answer(201), gone('web-1')), plan, injection)),
      /w1 to be cordoned/,
    ));

  it('that must not finish: when its time limit is over, it was refused, and its pod is still there', () => {
    const stuck = { ...plan, finishes: false };
    const late: ObservedEvent = ['lease', 'modified', 'w2', { renewed: '' }];
    const inTheEnd = (...events: ObservedEvent[]) => {
      const observed = observedOf(cordoned, pod('web-1'), ...events);
      observed.see({ at: 5000, source: late[0], type: late[1], subject: late[2], data: late[3] });
      return waiting(drained(observed, stuck, injection));
    };
    assert.match(inTheEnd(answer(429)), /^saw w1: 1 evictions refused, 1 of 1 pods still there/);
    assert.match(inTheEnd(), /a budget to refuse/);
    assert.match(inTheEnd(answer(429), answer(201), gone('web-1')), /all pods are gone/);
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
  const answer = (code: number): ObservedEvent => [
    'eviction',
    'answer',
    'web-1',
    { disruption: 'it', node: 'w1', code, message: '' },
  ];

  it('when the pod was evicted and is gone, in any state of its node', () =>
    assert.deepEqual(evicted(observedOf(pod('web-1'), answer(429), answer(201), gone('web-1')), plan, injection), {
      saw: '1 pods evicted and gone, after 1 refusals',
    }));

  it('not if the pod is gone by itself, its eviction is refused, or it is still there', () => {
    assert.match(waiting(evicted(observedOf(pod('web-1'), gone('web-1')), plan, injection)), /web-1 to be evicted/);
    assert.match(waiting(evicted(observedOf(pod('web-1'), answer(404), gone('web-1')), plan, injection)), /web-1/);
    assert.match(waiting(evicted(observedOf(pod('web-1'), answer(429)), plan, injection)), /web-1 to be evicted/);
    assert.match(waiting(evicted(observedOf(pod('web-1'), answer(201)), plan, injection)), /and gone/);
  });

  it('without a target never', () =>
    assert.match(waiting(evicted(observedOf(answer(201)), { ...plan, pods: [] }, injection)), /pods to be evicted/));
});

describe('pods', () => {
  const slice = (...ready: string[]): ObservedEvent => [
    'endpointslice',
    'modified',
    'web',
    { service: 'web', endpoints: ready.map((name) => ({ pod: name, ready: true })) },
  ];

  it('are replaced when they are gone and as many endpoints are ready', () => {
    const plan = { pods: [{ name: 'web-1' }], replicas: 1 };
    assert.ok('saw' in podsReplaced(observedOf(pod('web-1'), gone('web-1'), slice('web-2')), plan, injection));
    assert.match(waiting(podsReplaced(observedOf(slice('web-2')), plan, injection)), /web-1 to be gone/);
    assert.match(waiting(podsReplaced(observedOf(gone('web-1'), slice()), plan, injection)), /0 of 1/);
  });

  it('were restarted when the restart count of their container has increased', () => {
    const plan = { pods: [{ name: 'web-1', restarts: 2 }], endedBy: 'SIGKILL' } as const;
    const counted = (restartCount: number, ended: Json = { reason: 'Error', exitCode: 137 }) =>
      observedOf(pod('web-1', { containers: [{ restartCount, ended }] }));
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
      crashLooping(observedOf(pod('web-1', { containers: [{ restartCount, state, reason }] })), plan, injection);
    assert.deepEqual(waits(2), { saw: 'web-1 in CrashLoopBackOff, after 2 crashes' });
    assert.match(waiting(waits(1)), /web-1 to be in CrashLoopBackOff/);
    assert.match(waiting(waits(2, 'running', '')), /web-1/);
    assert.match(waiting(waits(2, 'waiting', 'ContainerCreating')), /web-1/);
  });

  it('that do not fit count as scaled when the scheduler found no node', () => {
    const plan = {
      owner: { kind: 'Deployment', name: 'web' },
      from: 1,
      to: 2,
      before: ['web-1'],
      pending: true,
    } as const;
    const wanted: ObservedEvent = ['deployment', 'modified', 'web', { desired: 2, available: 1, replicas: 2 }];
    const refused: ObservedEvent = [
      'k8s-event',
      'added',
      'web-2',
      { kind: 'Pod', reason: 'FailedScheduling', message: '', type: '' },
    ];
    const added = pod('web-2', { phase: 'Pending', node: '' });
    assert.ok('saw' in scaled(observedOf(wanted, pod('web-1'), added, refused), plan, injection));
    assert.match(
      waiting(scaled(observedOf(wanted, pod('web-1'), added), plan, injection)),
      /0 of 1 pods to be unschedulable/,
    );
    assert.match(waiting(scaled(observedOf(wanted, pod('web-1'), pod('web-2'), refused), plan, injection)), /0 of 1/);
  });

  it('of a StatefulSet count as scaled when its controller reports them', () => {
    const plan = {
      owner: { kind: 'StatefulSet', name: 'db' },
      from: 1,
      to: 2,
      before: ['db-0'],
      pending: false,
    } as const;
    const counts = { desired: 2, available: 2, replicas: 2 };
    const ready = slice('db-0', 'db-1');
    assert.deepEqual(scaled(observedOf(['statefulset', 'modified', 'db', counts], ready), plan, injection), {
      saw: 'scaled from 1 to 2',
    });
    assert.match(
      waiting(scaled(observedOf(['deployment', 'modified', 'db', counts], ready), plan, injection)),
      /StatefulSet db to have 2 desired replicas/,
    );
  });
});
