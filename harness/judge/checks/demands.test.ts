import assert from 'node:assert/strict';
import type { Demand, Role } from '../../model/experiment.ts';
import { podEvent } from '../../testing/worlds/one-of-each.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { EndpointHistory } from '../timeline/endpoints.ts';
import { PodHistory } from '../timeline/pod-history.ts';
import { Timeline } from '../timeline/timeline.ts';
import { demanded } from './demands.ts';

const phases = {
  warmup: { from: 0, to: 0 },
  baseline: { from: 0, to: 0 },
  fault: { from: 0, to: 20e6 },
  tail: { from: 20e6, to: 20e6 },
};

describe('a demand for ready endpoints', () => {
  it('is checked at every instant', () => {
    const endpoints = new EndpointHistory();
    const endpoint = { ip: '', uid: '', node: '', serving: true, terminating: false };
    const ready = (at: number, count: number) =>
      endpoints.see(at, 'web', {
        service: 'web',
        addressType: 'IPv4',
        endpoints: Array.from({ length: count }, (_, index) => ({ ...endpoint, pod: `web-${index}`, ready: true })),
      });
    ready(-1, 3);
    ready(5e6, 1);
    ready(5e6 + 1, 3);
    const evidence = { timeline: { endpoints }, phases } as unknown as ArmEvidence;
    const ask = (atLeast: number) => demanded({ kind: 'ready-endpoints', atLeast }, 'treatment').ask(evidence);
    assert.equal(ask(1).verdict, 'pass');
    assert.equal(ask(2).verdict, 'fail');
    assert.equal(ask(2).measured, 'never fewer than 1 ready endpoint');
  });
});

describe('a demand for evictions', () => {
  type Told = readonly [at: number, pod: string, code: number];
  const own: readonly Told[] = [
    [1, 'web-1', 429],
    [2, 'web-1', 429],
    [3, 'web-1', 201],
    [30e6, 'web-1', 429],
  ];
  const ask = (demand: Demand, role: Role, told: readonly Told[] = own) => {
    const evictions = told.map(([at, pod, code]) => ({ at, name: pod, state: { node: 'w1', code, message: '' } }));
    const timeline = { evictions, pods: new Map([['web-1', new PodHistory('web-1')]]) };
    return demanded(demand, role).ask({ timeline, phases } as unknown as ArmEvidence);
  };

  it('counts the API’s answers in the fault phase', () => {
    assert.equal(ask({ kind: 'evictions-refused', atLeast: 2 }, 'treatment').verdict, 'pass');
    assert.equal(ask({ kind: 'evictions-refused', atLeast: 3 }, 'treatment').verdict, 'fail');
    assert.equal(ask({ kind: 'evictions-allowed', atMost: 0 }, 'unprotected').verdict, 'inconclusive');
  });

  it('does not count other pods of a drained node', () => {
    const others: readonly Told[] = [
      [1, 'coredns-1', 429],
      [4, 'coredns-1', 201],
    ];
    for (const demand of [
      { kind: 'evictions-refused', atLeast: 3 },
      { kind: 'evictions-allowed', atMost: 1 },
    ] as const)
      assert.deepEqual(ask(demand, 'treatment', [...own, ...others]), ask(demand, 'treatment'));
  });
});

describe('a demand for replicas at the end', () => {
  const second = 1e6;
  const times = {
    ...phases,
    fault: { from: 5 * second, to: 15 * second },
    tail: { from: 15 * second, to: 20 * second },
  };

  /** Pods web-1 and web-2 exist when the fault phase begins. A rollout replaces web-1, and web-2 is deleted. */
  function timeline(unknown = ''): Timeline {
    const made = new Timeline();
    const pod = (at: number, name: string, revision: string, type = 'added') =>
      made.see(podEvent(at * second, name, { revision: revision === unknown ? '' : revision, version: '', type }));
    for (const name of ['web-1', 'web-2']) pod(1, name, 'old-hash');
    pod(8, 'web-3', 'new-hash');
    pod(9, 'web-1', 'old-hash', 'deleted');
    pod(10, 'web-2', 'old-hash', 'deleted');
    pod(11, 'web-4', 'old-hash');
    pod(12, 'web-5', 'new-hash');
    return made;
  }
  const ask = (atLeast: number, revision?: 'old' | 'new', made = timeline()) =>
    demanded({ kind: 'running-at-end', atLeast, ...(revision && { revision }) }, 'treatment').ask({
      timeline: made,
      phases: times,
    } as unknown as ArmEvidence);

  it('counts those of the revision of the pods before the fault, or of another one', () => {
    assert.equal(ask(3).measured, '3 replicas ready at the end');
    assert.equal(ask(1, 'old').measured, '1 replica ready at the end');
    assert.equal(ask(2, 'new').measured, '2 replicas ready at the end');
    for (const [atLeast, revision] of [
      [4, undefined],
      [2, 'old'],
      [3, 'new'],
    ] as const) {
      assert.equal(ask(atLeast - 1, revision).verdict, 'pass');
      assert.equal(ask(atLeast, revision).verdict, 'fail');
    }
  });

  it('is not decided if the revision of a ready pod is unknown', () => {
    const { verdict, measured } = ask(1, 'new', timeline('old-hash'));
    assert.equal(verdict, 'inconclusive');
    assert.equal(measured, 'the revision of a ready pod was not recorded');
    assert.equal(ask(3, undefined, timeline('old-hash')).verdict, 'pass');
  });
});
