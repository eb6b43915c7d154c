import assert from 'node:assert/strict';
import type { EventSource } from '../../model/event.ts';
import { SignsOfLife } from './signs-of-life.ts';

const second = 1e6;
const signsOf = (...events: readonly (readonly [at: number, source: EventSource, type: string, subject: string])[]) => {
  const signs = new SignsOfLife();
  for (const [at, source, type, subject] of events) signs.see({ at: at * second, source, type, subject, data: {} });
  return signs;
};
const every = (step: number, from: number, to: number, node: string) =>
  Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => [from + index * step, 'node', 'modified', node] as const,
  );
const judged = { from: 10 * second, to: 40 * second };

describe('signs of life', () => {
  it('are the events of a watch, and its `alive` events', () => {
    const signs = signsOf(
      [5, 'pod', 'added', 'web-1'],
      [20, 'watch', 'alive', 'pod'],
      [28, 'pod', 'modified', 'web-1'],
    );
    assert.deepEqual(signs.longestSilence('pod', judged), { at: 5 * second, ms: 15_000 });
    assert.equal(signs.after('pod', 27 * second), true);
    assert.equal(signs.after('pod', 28 * second), false);
    assert.equal(signs.lastAlive('pod'), 20 * second);
  });

  it('do not include an interruption of the watch', () => {
    const signs = signsOf([5, 'pod', 'added', 'web-1'], [20, 'watch', 'interrupted', 'pod']);
    assert.deepEqual(signs.longestSilence('pod', judged), { at: 5 * second, ms: 35_000 });
  });

  it('come from nodes at a usual interval, whenever they were listed', () => {
    const signs = signsOf([3, 'node', 'added', 'w1'], ...every(4, 3.2, 20, 'w1'));
    assert.equal(signs.usual('node'), 4 * second);
    assert.equal(signs.usual('lease'), undefined);
  });

  it('have no usual interval if objects change at irregular times', () => {
    const at = [1, 2, 2.1, 2.2, 9, 9.1, 17];
    assert.equal(signsOf(...at.map((each) => [each, 'node', 'modified', 'w1'] as const)).usual('node'), undefined);
  });

  it('of nodes are only their reports, if `reported` is set', () => {
    const signs = signsOf(...every(4, 2, 18, 'w1'), [30, 'watch', 'alive', 'node']);
    assert.equal(signs.longestSilence('node', judged).ms, 12_000);
    assert.equal(signs.longestSilence('node', { ...judged, reported: true }).ms, 22_000);
  });
});
