import assert from 'node:assert/strict';
import type { ContainerState, PodState, RecordedEvent } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';
import { eventOf, podEvent } from '../../testing/worlds/one-of-each.ts';
import { Timeline } from '../timeline/timeline.ts';
import { takenPods } from './taken-pods.ts';

const second = 1_000_000;
const phases = {
  warmup: { from: 0, to: 5 * second },
  baseline: { from: 5 * second, to: 10 * second },
  fault: { from: 10 * second, to: 30 * second },
  tail: { from: 30 * second, to: 40 * second },
};

const pod = (at: Micros, name: string, more: Partial<PodState> = {}) =>
  podEvent(at, name, { uid: name, node: name.replace('web', 'w'), ...more });

const three = ['web1', 'web2', 'web3'].map((name) => pod(second, name));
const intent = (fault: string, plan: object) => eventOf(10 * second, 'fault', 'intent', 'it', { fault, plan });

function taken(...more: readonly RecordedEvent[]): { readonly [pod: string]: number } {
  const timeline = new Timeline();
  for (const each of [...three, ...more].toSorted((one, other) => one.at - other.at)) timeline.see(each);
  return Object.fromEntries(takenPods(timeline, phases).map(({ pod: { name }, at }) => [name, at / second]));
}

describe('the pods that a disruption takes from the Service', () => {
  it('include those seen to end, from their termination on', () =>
    assert.deepEqual(
      taken(
        intent('drain', { nodes: [{ name: 'w1' }, { name: 'w2' }] }),
        pod(12 * second, 'web1', { terminating: true }),
      ),
      { web1: 12 },
    ));

  it('include those on a node that went off, from the engine’s report on', () =>
    assert.deepEqual(
      taken(
        intent('node-kill', { nodes: [{ name: 'w2' }] }),
        eventOf(11 * second, 'container', 'die', 'w2', { state: 'exited' }),
        pod(25 * second, 'web2', { ready: false }),
      ),
      { web2: 11 },
    ));

  it('include those that it should evict, even if a budget refuses all the time', () =>
    assert.deepEqual(taken(intent('evict', { pods: [{ name: 'web1' }, { name: 'web3' }], finishes: false })), {
      web1: 10,
      web3: 10,
    }));

  it('include the only pod that its plan names', () =>
    assert.deepEqual(taken(intent('crash-loop', { pod: { name: 'web2' }, crashes: 2 })), { web2: 10 }));

  it('include those that it cuts off, from its start on, although their state does not change', () =>
    assert.deepEqual(
      taken(intent('node-partition', { nodes: [{ name: 'w1' }] }), pod(20 * second, 'web1', { ready: false })),
      { web1: 10 },
    ));

  it('are the pods that a policy cuts off, if they were ready before', () =>
    assert.deepEqual(
      taken(intent('network-policy', { pods: ['web1', 'web4'].map((name) => ({ name })) }), pod(20 * second, 'web4')),
      { web1: 10 },
    ));

  it('are all ready pods if it takes none', () =>
    assert.deepEqual(taken(intent('api-server-down', { nodes: [{ name: 'control-plane' }] })), {
      web1: 10,
      web2: 10,
      web3: 10,
    }));

  it('do not include a pod that was never ready or that ends after the fault', () =>
    assert.deepEqual(
      taken(
        intent('rollout', {}),
        pod(11 * second, 'web4', { ready: false }),
        pod(12 * second, 'web4', { ready: false, terminating: true }),
        pod(13 * second, 'web1', { terminating: true }),
        pod(35 * second, 'web2', { terminating: true }),
      ),
      { web1: 13 },
    ));

  it('are those whose container ended, or that stopped being ready, though they stay', () => {
    const ended: ContainerState = {
      name: 'server',
      ready: false,
      restartCount: 0,
      state: 'terminated',
      reason: 'OOMKilled',
      exitCode: 137,
      ended: null,
    };
    assert.deepEqual(
      taken(
        intent('out-of-memory', {}),
        pod(12 * second, 'web1', { containers: [ended] }),
        pod(14 * second, 'web2', { ready: false }),
        pod(16 * second, 'web3', { ready: false }),
        pod(17 * second, 'web3'),
        pod(18 * second, 'web3', { ready: false }),
      ),
      { web1: 12, web2: 14, web3: 16 },
    );
  });

  it('are those that were deleted before they were seen to terminate', () =>
    assert.deepEqual(
      taken(intent('node-kill', {}), eventOf(15 * second, 'pod', 'deleted', 'web2', pod(0, 'web2').data as object)),
      { web2: 15 },
    ));

  it('are not those that were taken before a disruption began, or that became ready after the fault cut their node off', () =>
    assert.deepEqual(
      taken(
        pod(8 * second, 'web1', { terminating: true }),
        intent('node-partition', { nodes: [{ name: 'w4' }, { name: 'w2' }] }),
        pod(20 * second, 'web4', { node: 'w4' }),
      ),
      { web2: 10 },
    ));

  it('are aimed at by intents alone', () =>
    assert.deepEqual(
      taken(
        intent('evict', { pods: [{ name: 'web1' }] }),
        eventOf(11 * second, 'fault', 'injected', 'it', { fault: 'evict', plan: { pods: [{ name: 'web2' }] } }),
      ),
      { web1: 10 },
    ));

  it('are none without a disruption', () =>
    assert.deepEqual(taken(pod(12 * second, 'web1', { terminating: true })), {}));
});
