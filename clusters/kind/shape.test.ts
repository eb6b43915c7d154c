import assert from 'node:assert/strict';
import { plannedNodes } from './shape.ts';

describe('plannedNodes', () => {
  it('names nodes as kind does, and splits workers over two zones', () => {
    assert.deepEqual(
      plannedNodes({ name: 'lab', workers: 4 }).map(({ name, zone }) => [name, zone]),
      [
        ['lab-control-plane', ''],
        ['lab-worker', 'a'],
        ['lab-worker2', 'a'],
        ['lab-worker3', 'b'],
        ['lab-worker4', 'b'],
      ],
    );
  });

  it('puts the odd worker into zone a', () => {
    assert.deepEqual(
      plannedNodes({ name: 'lab', workers: 3 }).map(({ zone }) => zone),
      ['', 'a', 'a', 'b'],
    );
  });
});
