import assert from 'node:assert/strict';
import fc from 'fast-check';
import { incompleteBeta, upperBound } from './strength.ts';

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

describe('strength', () => {
  it('bounds clean trials as the rule 1 − 0.05^(1/n) does', () => {
    // The standard table: 29, 59 and 299 clean trials show at least 90, 95 and 99 %.
    for (const [trials, bound] of [
      [1, 0.95],
      [5, 0.4507],
      [10, 0.2589],
      [20, 0.1391],
      [29, 0.0981],
      [59, 0.0495],
      [299, 0.00997],
      [10_000, 2.995e-4],
    ] as const) {
      near(upperBound(0, trials), bound, bound * 5e-4);
    }
  });

  it('has the one-sided 95 % bounds of Clopper and Pearson', () => {
    // qbeta(0.95, x + 1, n - x), computed from the binomial tail with exact coefficients.
    near(upperBound(1, 10), 0.3941633, 1e-6);
    near(upperBound(2, 10), 0.5069013, 1e-6);
    near(upperBound(3, 60), 0.1241872, 1e-6);
    near(upperBound(5, 10), 0.7775589, 1e-6);
    assert.equal(upperBound(10, 10), 1);
  });

  it('allows any share if there was no trial', () => {
    assert.equal(upperBound(0, 0), 1);
  });

  it('computes the incomplete beta function as a binomial tail', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, any, p) => {
          const k = 1 + (any % n);
          let tail = 0;
          let term = (1 - p) ** n;
          for (let count = 0; count <= n; count++) {
            if (count >= k) tail += term;
            term *= (((n - count) / (count + 1)) * p) / (1 - p);
          }
          near(incompleteBeta(p, k, n - k + 1), tail, 1e-9);
        },
      ),
    );
  });

  it('decreases with every bad trial and increases with every clean one', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(50)).filter(([trials, bad]) => bad < trials);
    fc.assert(
      fc.property(counts, ([trials, bad]) => {
        assert.ok(upperBound(bad, trials) < upperBound(bad + 1, trials));
        assert.ok(upperBound(bad, trials + 1) < upperBound(bad, trials));
        assert.ok(bad / trials <= upperBound(bad, trials));
      }),
    );
  });
});
