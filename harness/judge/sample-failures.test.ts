import assert from 'node:assert/strict';
import type { Cause } from '../model/cause.ts';
import { sampleFailures } from './sample-failures.ts';

const failures = (many: number, cause: Cause, from = 0) =>
  Array.from({ length: many }, (_, index) => ({ cause, at: from + index }));

describe('the failures kept in the findings', () => {
  it('are all failures if there are few', () => assert.equal(sampleFailures(failures(10, 'node-down'), 10).length, 10));

  it('are spread over all failures, in order', () => {
    const places = sampleFailures(failures(1000, 'node-down'), 10).map(({ at }) => at);
    assert.equal(places.length, 10);
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
    const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
    assert.ok(Math.max(...gaps) <= 130, gaps.join(', '));
  });

  it('include the first and the last failure of each cause', () => {
    const rare = [...failures(50, 'node-down'), ...failures(3, 'http-error', 50), ...failures(50, 'node-down', 53)];
    const places = sampleFailures(rare, 8).map(({ at }) => at);
    for (const edge of [0, 50, 52, 102]) assert.ok(places.includes(edge), `${edge} of ${places.join(', ')}`);
    assert.ok(places.length <= 8);
  });
});
