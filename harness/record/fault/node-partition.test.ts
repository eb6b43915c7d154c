import assert from 'node:assert/strict';
import { partitionRules } from './node-partition.ts';

describe('the rules of a partition', () => {
  const rulesOf = (way: 'all' | 'in' | 'out' | 'api-server') =>
    partitionRules({ way, apiServer: '10.0.0.2' })
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^(chain|type|iif|oif)/.test(line));
  const incoming = ['chain in {', 'type filter hook prerouting priority -310;', 'iifname eth0 drop'];
  const outgoing = ['chain out {', 'type filter hook postrouting priority 310;', 'oifname eth0  drop'];

  it('drop incoming packets, outgoing packets, or both', () => {
    assert.deepEqual(rulesOf('in'), incoming);
    assert.deepEqual(rulesOf('out'), outgoing);
    assert.deepEqual(rulesOf('all'), [...incoming, ...outgoing]);
  });

  it('drop only packets to the API server', () =>
    assert.deepEqual(rulesOf('api-server'), [
      ...outgoing.slice(0, 2),
      'oifname eth0 ip daddr 10.0.0.2 tcp dport 6443 drop',
    ]));
});
