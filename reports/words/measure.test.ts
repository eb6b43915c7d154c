import assert from 'node:assert/strict';
import type { ArmFindings, Measures } from '../../harness/model/finding.ts';
import { passingRun } from '../testing/rollout-runs.ts';
import { measuresInWords } from './measure.ts';

let arm: ArmFindings;
const inWords = (measures: Measures) => measuresInWords({ ...arm, measures });
const inLine = (measures: Partial<Measures>) => inWords({ latency: [], fewest: {}, together: {}, ...measures });
const fresh = { gen: 'fresh', conn: 'fresh', baseline: {}, tail: {} };

describe('measures in words', () => {
  before(async () => {
    arm = (await passingRun()).experiments[0]?.arms[0] ?? assert.fail();
  });

  it('include the latency that the fault added to each kind of traffic', () => {
    const latency = [
      { ...fresh, fault: { p50Ms: 0.5, p99Ms: 37 } },
      { ...fresh, gen: 'kept', fault: { p50Ms: -0.1 } },
    ];
    assert.deepEqual(inLine({ latency }), ['added latency (p50/p99): fresh +0.5/+37.0 ms, kept −0.1/– ms']);
  });

  it('include the fewest endpoints, and the time to recovery', () => {
    const recovery = { from: 1e6, first: 'requests', last: 'endpoints' } as const;
    const fewest = { ready: { count: 2, at: 5 }, alive: { count: 1, at: 4 } };
    assert.deepEqual(inLine({ fewest, recovery: { ...recovery, to: 4.5e6 } }), [
      'fewest endpoints: 2 ready, 1 alive · recovered in 3.5 s',
    ]);
    assert.deepEqual(inLine({ recovery }), ['not recovered when the arm ended']);
  });

  it('include the most replicas on one node and in one zone', () =>
    assert.deepEqual(
      inLine({ together: { node: { domain: 'w1', count: 1, at: 5 }, zone: { domain: 'a', count: 2, at: 4 } } }),
      ['most replicas: 1 on a node, 2 in a zone'],
    ));

  it('leave out values that were not measured', () => {
    const { measures: _, ...old } = arm;
    assert.deepEqual(measuresInWords(old), []);
    assert.deepEqual(inLine({ latency: [{ ...fresh, fault: {} }] }), []);
  });
});
