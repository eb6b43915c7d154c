import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatBlock, freeSubnet, overlap, parseBlock, parseRoutes } from './subnet.ts';

describe('parseBlock', () => {
  it('is the inverse of formatBlock', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        assert.equal(formatBlock(parseBlock(`${address}/${prefix}`)), `${address}/${prefix}`);
      }),
    );
  });

  for (const text of ['', '10.0.0.0', '10.0.0/24', '10.0.0.256/24', '10.0.0.0/33', 'fd00::/64']) {
    it(`refuses "${text}"`, () => assert.throws(() => parseBlock(text), /not an IPv4 block/));
  }
});

describe('overlap', () => {
  const overlaps = (one: string, other: string) => overlap(parseBlock(one), parseBlock(other));
  it('is true if one block contains the other', () => {
    assert.equal(overlaps('10.0.0.0/8', '10.213.7.0/24'), true);
    assert.equal(overlaps('10.213.7.0/24', '10.0.0.0/8'), true);
    assert.equal(overlaps('0.0.0.0/0', '192.168.0.0/24'), true);
    assert.equal(overlaps('192.168.1.0/24', '192.168.0.0/24'), false);
    assert.equal(overlaps('200.0.0.1/32', '200.0.0.0/32'), false);
  });
});

describe('parseRoutes', () => {
  it('reads destinations in the byte order of /proc/net/route', () => {
    const text = [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
      '',
    ].join('\n');
    assert.deepEqual(parseRoutes(text).map(formatBlock), ['0.0.0.0/0', '192.0.2.0/24']);
  });
});

describe('freeSubnet', () => {
  const free = (...taken: string[]) => freeSubnet(taken.map(parseBlock));

  it('skips subnets in use', () => {
    assert.equal(free(), '10.213.0.0/24');
    assert.equal(free('10.213.0.128/25', '10.213.1.0/24'), '10.213.2.0/24');
    assert.equal(free('10.0.0.0/8'), '172.27.0.0/24');
  });

  it('does not count a default route, or the two halves into which a VPN splits it', () => {
    assert.equal(free('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'), '10.213.0.0/24');
  });

  it('suggests a solution if no subnet is free', () => {
    assert.throws(() => free('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'), /docker network prune/);
  });
});
