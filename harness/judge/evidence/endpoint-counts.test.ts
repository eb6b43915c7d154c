import assert from 'node:assert/strict';
import { EndpointCounts } from './endpoint-counts.ts';

const set = (at: number, ready: string[], serving: string[] = []) => ({ at, ready, serving, terminating: 0 });

describe('the number of endpoints', () => {
  const counts = new EndpointCounts([
    set(10, ['a', 'b', 'a']),
    set(20, ['a', 'b', 'c']),
    set(30, ['c', 'b', 'a']),
    set(40, [], ['a', 'b']),
    set(50, []),
  ]);

  it('is the maximum within a time, and counts each pod once', () => {
    assert.equal(counts.most(12, 15), 2);
    assert.equal(counts.most(12, 25), 3);
    assert.equal(counts.most(42, 45), 2);
  });

  it('is at least 1, even if no endpoints are known', () => {
    assert.equal(counts.most(52, 60), 1);
    assert.equal(new EndpointCounts([]).most(0, 100), 1);
  });
});
