import assert from 'node:assert/strict';
import { Buckets } from './buckets.ts';

const ms = (value: number) => value * 1000;

describe('buckets', () => {
  const buckets = new Buckets({ from: ms(1000), to: ms(3000) });
  for (let at = 1000; at < 3000; at += 100) {
    if (at >= 1300 && at < 1800) buckets.fail(ms(at), at < 1500 ? 'node-down' : 'no-endpoint');
    else buckets.answer(ms(at));
  }

  it('count answered requests, and failed requests by cause', () => {
    assert.deepEqual(buckets.list(), [
      { from: ms(1000), answered: 3, failed: { 'node-down': 2 } },
      { from: ms(1500), answered: 2, failed: { 'no-endpoint': 3 } },
      { from: ms(2000), answered: 5, failed: {} },
      { from: ms(2500), answered: 5, failed: {} },
    ]);
  });

  it('find the worst share in any window, also between the starts of buckets', () => {
    assert.deepEqual(buckets.worstShare(ms(1000), 500), { from: ms(1300), share: 1, beyondChance: 1 });
    assert.deepEqual(buckets.worstShare(ms(1600), 500), { from: ms(1600), share: 2 / 5, beyondChance: 2 / 5 });
  });

  it('treat a recording that is shorter than a window as one window', () => {
    assert.deepEqual(buckets.worstShare(ms(1000), 60_000), { from: ms(1000), share: 5 / 20, beyondChance: 5 / 20 });
    assert.equal(buckets.worstShare(ms(2000), 500).share, 0);
    assert.equal(new Buckets({ from: 0, to: 0 }).worstShare(0, 500).share, 0);
  });
});
