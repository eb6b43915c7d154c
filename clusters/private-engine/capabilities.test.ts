import assert from 'node:assert/strict';
import { boundsSysResource } from './capabilities.ts';

describe('boundsSysResource', () => {
  it('reads bit 24 of the bounding set', () => {
    assert.equal(boundsSysResource('Name:\tnode\nCapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\n'), true);
    assert.equal(boundsSysResource('Name:\tnode\nCapEff:\t000001ffffffffff\nCapBnd:\t000001fffeffffff\n'), false);
  });

  it('throws if the line is missing', () => {
    assert.throws(() => boundsSysResource('Name:\tnode\n'), /CapBnd/);
  });
});
