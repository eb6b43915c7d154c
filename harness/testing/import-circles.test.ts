import assert from 'node:assert/strict';
import { circlesIn, graphOf } from './import-circles.ts';

describe('import circles', () => {
  it('are none where all imports go one way', () => {
    const graph = graphOf([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ]);
    assert.deepEqual(circlesIn(graph), []);
  });

  it('are found once each, without what leads to them or away from them', () => {
    const graph = graphOf([
      ['into', 'c'],
      ['c', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['b', 'away'],
      ['x', 'y'],
      ['y', 'x'],
    ]);
    assert.deepEqual(circlesIn(graph), [
      ['a', 'b', 'c'],
      ['x', 'y'],
    ]);
  });

  it('are the shortest ones through each node', () => {
    const graph = graphOf([
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c'],
      ['c', 'd'],
      ['d', 'a'],
    ]);
    assert.deepEqual(circlesIn(graph), [
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
    ]);
  });

  it('are none of a node that imports itself', () => {
    assert.deepEqual(circlesIn(graphOf([['a', 'a']])), []);
  });
});
