import assert from 'node:assert/strict';
import { cniName } from './profile.ts';

describe('cniName', () => {
  it('includes for our own network how packets for removed pods are answered', () => {
    assert.match(cniName('{"name":"holdfast"}'), /blackhole/);
  });

  it('is the name of any other network', () => {
    assert.equal(cniName('{"name":"kindnet"}'), 'kindnet');
  });
});
