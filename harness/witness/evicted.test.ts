import assert from 'node:assert/strict';
import { drainedByKubectl } from './kubectl-drain.ts';
import { underMemoryPressure } from './memory-pressure.ts';
import { preempted } from './preemption.ts';
import { started } from './started.ts';
import { tainted } from './taint.ts';
import {
  gone,
  injection,
  kubernetesEvent,
  node,
  type ObservedEvent,
  observedOf,
  pod,
  waiting,
} from './testing/observed.ts';

const nodeWith = (taints: readonly string[], conditions: readonly string[] = []): ObservedEvent => [
  'node',
  'modified',
  'w1',
  { ready: 'True', unschedulable: false, taints, conditions },
];
const nodes = [{ name: 'w1' }];
const later = { id: 'it', since: 500 };

describe('a taint has landed', () => {
  const plan = { nodes, effect: 'NoExecute', key: 'k', pods: ['web-1'] } as const;

  it('when the node has it, and its pods are gone', () => {
    assert.ok('saw' in tainted(observedOf(nodeWith(['k:NoExecute']), pod('web-1'), gone('web-1')), plan, injection));
    const soft = { ...plan, effect: 'NoSchedule' } as const;
    assert.ok('saw' in tainted(observedOf(nodeWith(['k:NoSchedule']), pod('web-1')), soft, injection));
  });

  it('not without the taint, nor while a pod stays that must be evicted', () => {
    assert.match(
      waiting(tainted(observedOf(nodeWith(['k:NoSchedule']), gone('web-1')), plan, injection)),
      /w1 to be tainted/,
    );
    assert.match(
      waiting(tainted(observedOf(nodeWith(['k:NoExecute']), pod('web-1')), plan, injection)),
      /web-1 to be gone/,
    );
    assert.match(waiting(tainted(observedOf(), { ...plan, nodes: [] }, injection)), /nodes to be tainted/);
  });
});

describe('memory pressure has landed', () => {
  const plan = { nodes, pods: ['web-1'] };
  const short = nodeWith([], ['MemoryPressure']);

  it('when the node reports it, and a pod was evicted for it', () =>
    assert.ok('saw' in underMemoryPressure(observedOf(short, kubernetesEvent('web-1', 'Evicted')), plan, injection)));

  it('not with only one of the two, nor with an earlier eviction', () => {
    assert.match(waiting(underMemoryPressure(observedOf(short), plan, injection)), /one of web-1/);
    assert.match(
      waiting(underMemoryPressure(observedOf(kubernetesEvent('web-1', 'Evicted')), plan, injection)),
      /w1 to be under/,
    );
    assert.match(
      waiting(underMemoryPressure(observedOf(short, kubernetesEvent('web-1', 'Evicted')), plan, later)),
      /one of web-1/,
    );
  });
});

describe('a preemption has landed', () => {
  const plan = { node: 'w1', cpu: '900m', pods: ['web-1'], preemptor: 'p' };
  const all = [kubernetesEvent('web-1', 'Preempted'), gone('web-1'), kubernetesEvent('p', 'Scheduled')];

  it('when the scheduler reported it, the pod is gone, and the preemptor was scheduled', () =>
    assert.deepEqual(preempted(observedOf(...all), plan, injection), { saw: 'web-1 preempted on w1 by p' }));

  it('not if the pod is gone for another reason, stays, or the preemptor is not scheduled', () => {
    assert.match(waiting(preempted(observedOf(...all.slice(1)), plan, injection)), /web-1 to be preempted/);
    assert.match(
      waiting(preempted(observedOf(kubernetesEvent('web-1', 'Preempted')), plan, injection)),
      /web-1 to be preempted/,
    );
    assert.match(waiting(preempted(observedOf(...all.slice(0, 2)), plan, injection)), /p to be scheduled/);
  });
});

describe('kubectl has drained', () => {
  const plan = { nodes: [{ name: 'w1', wasCordoned: false }], pods: ['web-1'], timeLimitMs: 1 };

  it('when the node is cordoned, and its pods are gone', () =>
    assert.ok('saw' in drainedByKubectl(observedOf(node('w1', 'True', true), gone('web-1')), plan, injection)));

  it('not with only one of the two', () => {
    assert.match(waiting(drainedByKubectl(observedOf(node('w1', 'True'), gone('web-1')), plan, injection)), /cordoned/);
    assert.match(waiting(drainedByKubectl(observedOf(node('w1', 'True', true)), plan, injection)), /web-1 to be gone/);
  });
});

describe('a pod of a fault counts as running', () => {
  it('when its kubelet has reported since that it started', () => {
    const observed = observedOf(kubernetesEvent('burn', 'Started'));
    assert.ok('saw' in started(observed, { pods: ['burn'] }, injection));
    assert.match(waiting(started(observed, { pods: ['burn'] }, later)), /burn to be started/);
    assert.match(waiting(started(observed, { pods: [] }, injection)), /a pod to be started/);
  });
});
