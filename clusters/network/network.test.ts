import assert from 'node:assert/strict';
import { bridgeName, labNetwork, networkName, subnetsOf } from './network.ts';
import { formatBlock } from './subnet.ts';

describe('bridgeName', () => {
  it('fits an interface name for any cluster name', () => {
    assert.equal(bridgeName(networkName('holdfast')), 'holdfast0');
    const names = ['a', 'b'.repeat(20)].map((cluster) => bridgeName(networkName(cluster)));
    assert.equal(new Set(names).size, 2);
    for (const name of names) assert.ok(name.length <= 15, name);
  });
});

const owner = '0a'.repeat(16);
const claim = { owner, ids: new Set<string>() };

const inspected = {
  Id: 'b'.repeat(64),
  Name: 'holdfast-scratch',
  Labels: { 'io.holdfast.cluster': 'scratch', 'io.holdfast.owner': owner },
  Options: { 'com.docker.network.bridge.name': 'hf-fd8cb8aa' },
  IPAM: { Config: [{ Subnet: '10.213.0.0/24' }] },
};

describe('labNetwork', () => {
  it('reads the output of docker network inspect', () => {
    const network = { id: 'b'.repeat(64), name: 'holdfast-scratch', subnet: '10.213.0.0/24', bridge: 'hf-fd8cb8aa' };
    assert.deepEqual(labNetwork(inspected, 'scratch', claim), network);
  });

  it('accepts a network without an owner whose id is recorded', () => {
    const older = { ...inspected, Labels: { 'io.holdfast.cluster': 'scratch' } };
    assert.equal(labNetwork(older, 'scratch', { owner, ids: new Set([inspected.Id]) }).id, inspected.Id);
  });

  it('refuses a network of that name with another owner', () => {
    const strangers = [null, { 'io.holdfast.cluster': 'scratch' }, { ...inspected.Labels, 'io.holdfast.owner': 'x' }];
    for (const Labels of strangers)
      assert.throws(() => labNetwork({ ...inspected, Labels }, 'scratch', claim), /docker network rm bbbb/);
  });
});

describe('subnetsOf', () => {
  it('returns IPv4 subnets only, also of networks that have none', () => {
    const both = { ...inspected, IPAM: { Config: [{ Subnet: 'fc00:f853::/64' }, { Subnet: '172.18.0.0/16' }, {}] } };
    const host = { ...inspected, IPAM: { Config: null } };
    assert.deepEqual(subnetsOf([both, host]).map(formatBlock), ['172.18.0.0/16']);
  });
});
