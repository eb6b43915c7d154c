import assert from 'node:assert/strict';
import type { Demand, Role } from '../../model/experiment.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { EndpointHistory } from '../timeline/endpoints.ts';
import { PodHistory } from '../timeline/pod-history.ts';
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
