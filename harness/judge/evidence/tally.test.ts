import assert from 'node:assert/strict';
import { Tally } from './tally.ts';

describe('a tally', () => {
  const second = 1_000_000;

  it('counts events between two times', () => {
    const tally = new Tally({ from: 0, to: 3600 * second });
    for (let index = 0; index < 100; index++) tally.see(index * 100_000);
    assert.equal(tally.between(0, second), 10);
    assert.equal(tally.between(9 * second, 20 * second), 10);
    assert.equal(tally.between(20 * second, 30 * second), 0);
    assert.equal(tally.between(2 * second, second), 0);
    tally.see(3000 * second);
    assert.equal(tally.between(0, 3600 * second), 101);
  });

  it('ignores events outside its span', () => {
    const tally = new Tally({ from: second, to: 2 * second });
    for (const at of [0, 5 * second, 2 ** 53]) tally.see(at);
    assert.equal(tally.between(0, 2 ** 53), 0);
  });
});
