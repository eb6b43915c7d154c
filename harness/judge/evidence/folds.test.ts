import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ClockSample } from '../../model/event.ts';
import { Answers } from './answers.ts';
import { ClockFold } from './clock-fold.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { NumberSet } from './number-set.ts';
import { Ports } from './ports.ts';

const sample = (second: number, offset: number): ClockSample => ({
  at: second * 1e6 + offset,
  monotonic: second * 1e6,
  loopDelayMs: second,
  busy: 0.5,
  steal: 0,
});

const folded = (offsets: readonly number[]): ClockFold => {
  const fold = new ClockFold({ from: 0, to: offsets.length * 1e6 });
  for (const [second, offset] of offsets.entries()) fold.see(sample(second, offset));
  return fold;
};

describe('clock fold', () => {
  it('distinguishes a step from a delayed sample', () => {
    assert.equal(folded([0, 0, 9000, 0, 0, 0]).step?.value, 0);
    assert.equal(folded([9000, 0, 0, 0, 0]).step?.value, 0);
    assert.equal(folded([0, 0, 0, 9000, 9000, 9000]).step?.value, 9);
    assert.equal(folded([0, 0, 0, -9000, -9000, -9000]).step?.value, 9);
  });

  it('excuses a single odd sample only if the event loop was delayed as long', () => {
    const odd = (offset: number, loopDelayMs: number) => {
      const fold = new ClockFold({ from: 0, to: 8e6 });
      for (const second of [0, 1, 2, 3, 4, 5, 6])
        fold.see({ ...sample(second, second === 3 ? offset : 0), loopDelayMs: second === 3 ? loopDelayMs : 0 });
      return fold.step?.value;
    };
    assert.equal(odd(900_000, 0), 0);
    assert.equal(odd(30_000_000, 0), 30_000);
    assert.equal(odd(-1_500_000, 0), 1500);
    assert.equal(odd(1_500_000, 600), 0);
  });

  it('knows the largest gap between samples, and what the host did', () => {
    const fold = new ClockFold({ from: 2e6, to: 12e6 });
    for (const second of [0, 1, 2, 3, 7, 8]) fold.see(sample(second, 0));
    assert.equal(fold.gap?.value, 4000);
    assert.equal(fold.uncoveredMs, 4000);
    assert.equal(fold.samples, 4);
    assert.equal(fold.loopDelay?.value, 8);
  });
});

describe('a histogram of durations', () => {
  it('is never below the exact quantile and at most 0.1 ms above it', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99, 1), (values, share) => {
        const histogram = new DurationHistogram();
        for (const value of values) histogram.add(value);
        const exact = values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? 0;
        const found = histogram.quantile(share) * 1000;
        assert.ok(found >= exact && found <= exact + 100, `${found} for ${exact}`);
      }),
    );
  });

  it('accepts very long and negative durations', () => {
    const histogram = new DurationHistogram();
    for (const value of [-5, 1e12]) histogram.add(value);
    assert.equal(histogram.quantile(0.5), 0.1);
    assert.ok(histogram.quantile(1) >= 5000);
    assert.equal(new DurationHistogram().quantile(0.99), 0);
  });
});

describe('number set', () => {
  it('detects a repeated number, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 400 }), (numbers) => {
        const set = new NumberSet();
        const known = new Set<number>();
        for (const number of numbers) {
          assert.equal(set.add(number), !known.has(number));
          known.add(number);
        }
      }),
    );
  });

  it('removes numbers', () => {
    const numbers = fc.array(fc.nat(40), { maxLength: 400 });
    fc.assert(
      fc.property(numbers, numbers, (added, removed) => {
        const set = new NumberSet();
        const known = new Set(added);
        for (const number of added) set.add(number);
        for (const number of removed) assert.equal(set.delete(number), known.delete(number));
        for (const number of [...added, ...removed]) assert.equal(set.has(number), known.has(number));
      }),
    );
  });

  it('allocates no memory for numbers that are out of range', () => {
    const set = new NumberSet();
    for (const number of [2 ** 32, 1e15, Number.MAX_SAFE_INTEGER, -1]) {
      assert.equal(set.add(number), true);
      assert.equal(set.add(number), true, `${number} is not kept`);
      assert.equal(set.has(number), false);
    }
  });
});

describe('answers', () => {
  it('show whether a pod answered a request that was sent well within a time', () => {
    const answers = new Answers(10e6);
    answers.see({ pod: 'web-1', start: 5e6, end: 5.1e6 });
    answers.see({ pod: 'web-1', start: 12.34e6, end: 12.4e6 });
    assert.equal(answers.any('web-1', 10e6, 12.3e6), false);
    assert.equal(answers.any('web-1', 12.2e6, 12.5e6), true);
    assert.equal(answers.any('web-1', 12.35e6, 20e6), false);
    assert.equal(answers.any('web-2', 10e6, 20e6), false);
  });

  it('show whether one of the answers was prompt', () => {
    const answers = new Answers(10e6);
    answers.see({ pod: 'web-1', start: 12.3e6, end: 14e6 });
    assert.equal(answers.any('web-1', 12e6, 13e6), true);
    assert.equal(answers.anyPrompt('web-1', 12e6, 13e6), false);
    answers.see({ pod: 'web-1', start: 12.5e6, end: 12.51e6 });
    assert.equal(answers.anyPrompt('web-1', 12e6, 13e6), true);
    assert.equal(answers.anyPrompt('web-2', 12e6, 13e6), false);
  });
});

describe('source ports', () => {
  it('are reused if a generator opened a second connection from one', () => {
    const ports = new Ports();
    const dialed = { gen: 'fresh', reused: false, sport: 4000 };
    for (const request of [dialed, { ...dialed, reused: true }, { ...dialed, gen: 'other' }, { ...dialed, sport: 0 }])
      ports.see(request);
    ports.see({ ...dialed, sport: 0 });
    assert.equal(ports.usedAgain(dialed), false);
    ports.see(dialed);
    assert.equal(ports.usedAgain(dialed), true);
    assert.equal(ports.usedAgain({ ...dialed, gen: 'other' }), false);
    assert.equal(ports.usedAgain({ ...dialed, sport: 0 }), false);
  });
});
