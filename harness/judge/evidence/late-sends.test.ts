import assert from 'node:assert/strict';
import { LateSends } from './late-sends.ts';

const ms = 1000;

describe('times in which due requests were not sent', () => {
  const of = (...sent: readonly (readonly [due: number, start: number])[]) => {
    const late = new LateSends(0);
    for (const [due, start] of sent) late.see({ due: due * ms, start: start * ms });
    return late.spans().map(({ from, to }) => [from / ms, to / ms]);
  };

  it('are none if every request is sent within 0.25 s', () => assert.deepEqual(of([0, 1], [100, 340], [200, 450]), []));

  it('last from the due time until the request is sent, and are merged if they overlap', () => {
    assert.deepEqual(of([1000, 3300], [1010, 3300], [2950, 3400], [5020, 5300]), [
      [1000, 3400],
      [5000, 5300],
    ]);
  });

  it('begin with the judged time and need little memory', () => {
    assert.deepEqual(of([-900, 400]), [[0, 400]]);
    const many = Array.from({ length: 30_000 }, (_, index) => [index * 1000, index * 1000 + 300] as const);
    const spans = of(...many);
    assert.ok(spans.length <= 10_000);
    assert.deepEqual([spans[0]?.[0], spans.at(-1)?.[1]], [0, many.at(-1)?.[1]]);
  });
});
