import assert from 'node:assert/strict';
import { stockTag } from './node-image.ts';

describe('stockTag', () => {
  it('is kind’s tag of a patch release, the first one where none is named', () => {
    assert.equal(stockTag('1.37'), 'kindest/node:v1.37.0');
    assert.equal(stockTag('v1.36.3'), 'kindest/node:v1.36.3');
  });
});
