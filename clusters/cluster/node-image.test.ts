import assert from 'node:assert/strict';
import { stockTag } from './node-image.ts';

describe('stockTag', () => {
  it('is the tag of kind for a patch release, by default the first one', () => {
    assert.equal(stockTag('1.37'), 'kindest/node:v1.37.0');
    assert.equal(stockTag('v1.36.3'), 'kindest/node:v1.36.3');
  });
});
