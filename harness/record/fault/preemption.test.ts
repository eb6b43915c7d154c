import assert from 'node:assert/strict';
import { millicores } from './preemption.ts';

describe('a quantity of CPU', () => {
  it('is parsed into thousandths of a core', () => {
    for (const [quantity, wanted] of [
      ['2', 2000],
      ['1200m', 1200],
      ['0.5', 500],
      [undefined, 0],
    ] as const)
      assert.equal(millicores(quantity), wanted, quantity);
  });

  it('is rejected if it is invalid', () => {
    for (const quantity of ['', '2Gi', '-1', '1e3']) assert.throws(() => millicores(quantity), /is not a CPU quantity/);
  });
});
