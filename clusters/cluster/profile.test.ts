import assert from 'node:assert/strict';
import { cniName } from './profile.ts';

describe('cniName', () => {
  it('says of our own network what happens to packets for the dead', () => {
    assert.match(cniName('{"name":"holdfast"}'), /blackhole/);
  });

  it('calls another by its name', () => {
    assert.equal(cniName('{"name":"kindnet"}'), 'kindnet');
  });
});
