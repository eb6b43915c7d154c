import assert from 'node:assert/strict';
import { conntrackCommand } from './conntrack.ts';

describe('conntrackCommand', () => {
  it('watches one Service and ends by itself', () => {
    assert.equal(
      conntrackCommand('10.96.0.10', 90_500).join(' '),
      'timeout 91 conntrack -E -o timestamp -e NEW,DESTROY -p tcp --orig-dst 10.96.0.10 --buffer-size 33554432',
    );
  });
});
