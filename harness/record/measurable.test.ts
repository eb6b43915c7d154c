import assert from 'node:assert/strict';
import { whyNotMeasurable } from './measurable.ts';

const sent = (late: number, latestMs: number, ratePerSecond = 100) => [
  { gen: 'fresh', ratePerSecond, total: 1000, late, latestMs },
];

const strain = (stolen: number, heldMs = 0) => ({ stolen, heldMs });

describe('a machine that is asked before the fault whether it can measure', () => {
  it('can, if it sends nearly all requests on time, and keeps its processors', () => {
    assert.equal(whyNotMeasurable(sent(10, 200), strain(0.1)), undefined);
    assert.equal(whyNotMeasurable([], strain(0)), undefined);
    assert.equal(whyNotMeasurable([], strain(0, 900)), undefined);
  });

  it('cannot, if it sends late, stands still, or has its processors taken away', () => {
    assert.equal(
      whyNotMeasurable(sent(11, 200), strain(0)),
      'fresh sent 1 % of its requests later than 50 ms after they were due',
    );
    assert.equal(whyNotMeasurable(sent(1, 300), strain(0)), 'fresh sent nothing for 0.30 s');
    assert.equal(whyNotMeasurable(sent(0, 0), strain(0.2)), '20 % of the CPU time was stolen');
    assert.equal(whyNotMeasurable(sent(0, 0), strain(0, 7860)), 'holdfast itself was delayed for 7.86 s');
  });

  it('may wait for ten requests of a generator that sends few', () =>
    assert.equal(whyNotMeasurable(sent(1, 900, 10), strain(0)), undefined));
});
