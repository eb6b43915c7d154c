import assert from 'node:assert/strict';
import { whyNotMeasurable } from './measurable.ts';

const sent = (late: number, latestMs: number, ratePerSecond = 100) => [
  { gen: 'fresh', ratePerSecond, total: 1000, late, latestMs },
];

const strain = (stolen: number, heldMs = 0) => ({ stolen, heldMs });

describe('the check before the fault whether a machine can measure', () => {
  it('passes if nearly all requests are sent on time and no CPU time is lost', () => {
    assert.equal(whyNotMeasurable(sent(10, 200), strain(0.1)), undefined);
    assert.equal(whyNotMeasurable([], strain(0)), undefined);
    assert.equal(whyNotMeasurable([], strain(0, 900)), undefined);
  });

  it('fails if requests are late, sending pauses, or CPU time is stolen', () => {
    assert.equal(
      whyNotMeasurable(sent(11, 200), strain(0)),
      'fresh sent 1 % of its requests later than 50 ms after they were due',
    );
    assert.equal(whyNotMeasurable(sent(1, 300), strain(0)), 'fresh sent nothing for 0.30 s');
    assert.equal(whyNotMeasurable(sent(0, 0), strain(0.2)), '20 % of the CPU time was stolen');
    assert.equal(whyNotMeasurable(sent(0, 0), strain(0, 7860)), 'holdfast itself was delayed for 7.86 s');
  });

  it('allows pauses of ten requests at a low rate', () =>
    assert.equal(whyNotMeasurable(sent(1, 900, 10), strain(0)), undefined));
});
