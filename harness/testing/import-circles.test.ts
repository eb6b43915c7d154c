import assert from 'node:assert/strict';
import { circlesIn, graphOf } from './import-circles.ts';

describe('import circles', () => {
  it('are empty if all imports go in one direction', () => {
    const graph = graphOf([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ]);
    assert.deepEqual(circlesIn(graph), []);
  });

  it('are listed once each, without nodes that only import them or are only imported by them', () => {
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

  it('are empty for a node that imports itself', () => {
    assert.deepEqual(circlesIn(graphOf([['a', 'a']])), []);
  });
});
