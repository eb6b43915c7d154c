import assert from 'node:assert/strict';
import { drainedByKubectl } from './kubectl-drain.ts';
import { underMemoryPressure } from './memory-pressure.ts';
import { preempted } from './preemption.ts';
import { started } from './started.ts';
import { tainted } from './taint.ts';
import { gone, injection, node, pod, type Sight, said, waiting, worldOf } from './testing/observed.ts';

const nodeWith = (taints: readonly string[], conditions: readonly string[] = []): Sight => [
  'node',
  'modified',
  'w1',
  { ready: 'True', unschedulable: false, taints, conditions },
];
const nodes = [{ name: 'w1' }];
const later = { id: 'it', since: 500 };

describe('a taint has landed', () => {
  const plan = { nodes, effect: 'NoExecute', key: 'k', pods: ['web-1'] } as const;

  it('when the node has it, and its pods went', () => {
    assert.ok('saw' in tainted(worldOf(nodeWith(['k:NoExecute']), pod('web-1'), gone('web-1')), plan, injection));
    const soft = { ...plan, effect: 'NoSchedule' } as const;
    assert.ok('saw' in tainted(worldOf(nodeWith(['k:NoSchedule']), pod('web-1')), soft, injection));
  });

  it('not without the taint, nor while a pod that must go stays', () => {
    assert.match(
      waiting(tainted(worldOf(nodeWith(['k:NoSchedule']), gone('web-1')), plan, injection)),
      /w1 to be tainted/,
    );
    assert.match(
      waiting(tainted(worldOf(nodeWith(['k:NoExecute']), pod('web-1')), plan, injection)),
      /web-1 to be gone/,
    );
    assert.match(waiting(tainted(worldOf(), { ...plan, nodes: [] }, injection)), /nodes to be tainted/);
  });
});

describe('memory pressure has landed', () => {
  const plan = { nodes, pods: ['web-1'] };
  const short = nodeWith([], ['MemoryPressure']);

  it('when the node says so, and a pod was evicted for it', () =>
    assert.ok('saw' in underMemoryPressure(worldOf(short, said('web-1', 'Evicted')), plan, injection)));

  it('not by one of the two, nor by an eviction from before', () => {
    assert.match(waiting(underMemoryPressure(worldOf(short), plan, injection)), /one of web-1/);
    assert.match(waiting(underMemoryPressure(worldOf(said('web-1', 'Evicted')), plan, injection)), /w1 to be under/);
    assert.match(waiting(underMemoryPressure(worldOf(short, said('web-1', 'Evicted')), plan, later)), /one of web-1/);
  });
});

describe('a preemption has landed', () => {
  const plan = { node: 'w1', cpu: '900m', pods: ['web-1'], preemptor: 'p' };
  const all = [said('web-1', 'Preempted'), gone('web-1'), said('p', 'Scheduled')];

  it('when the scheduler said so, the pod went, and the other has its place', () =>
    assert.deepEqual(preempted(worldOf(...all), plan, injection), { saw: 'web-1 preempted on w1 by p' }));

  it('not where the pod went for another reason, stays, or nobody has its place', () => {
    assert.match(waiting(preempted(worldOf(...all.slice(1)), plan, injection)), /web-1 to be preempted/);
    assert.match(waiting(preempted(worldOf(said('web-1', 'Preempted')), plan, injection)), /web-1 to be preempted/);
    assert.match(waiting(preempted(worldOf(...all.slice(0, 2)), plan, injection)), /p to be scheduled/);
  });
});

describe('kubectl has drained', () => {
  const plan = { nodes: [{ name: 'w1', wasCordoned: false }], pods: ['web-1'], timeLimitMs: 1 };

  it('when the node is cordoned, and its pods went', () =>
    assert.ok('saw' in drainedByKubectl(worldOf(node('w1', 'True', true), gone('web-1')), plan, injection)));

  it('not by one of the two', () => {
    assert.match(waiting(drainedByKubectl(worldOf(node('w1', 'True'), gone('web-1')), plan, injection)), /cordoned/);
    assert.match(waiting(drainedByKubectl(worldOf(node('w1', 'True', true)), plan, injection)), /web-1 to be gone/);
  });
});

describe('a pod of a fault runs', () => {
  it('when its kubelet said that it started it, since', () => {
    const world = worldOf(said('burn', 'Started'));
    assert.ok('saw' in started(world, { pods: ['burn'] }, injection));
    assert.match(waiting(started(world, { pods: ['burn'] }, later)), /burn to be started/);
    assert.match(waiting(started(world, { pods: [] }, injection)), /a pod to be started/);
  });
});
