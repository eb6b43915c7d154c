import assert from 'node:assert/strict';
import type { SliceState } from '../../model/event.ts';
import { EndpointHistory } from './endpoints.ts';

const slice = (service: string, ...pods: readonly string[]): SliceState => ({
  service,
  addressType: 'IPv4',
  endpoints: pods.map((pod) => ({ ip: '', pod, uid: '', node: '', ready: true, serving: true, terminating: false })),
});

const ofIpv6 = (...pods: readonly string[]) => {
  const { service, endpoints } = slice('web', ...pods);
  const own = endpoints.map((each) => ({ ...each, ip: `fd00::${each.pod}` }));
  return { service, addressType: 'IPv6' as const, endpoints: own };
};

const readyOf = ({ sets }: EndpointHistory): string[] => sets.map(({ ready }) => ready.join(' '));

describe('endpoints', () => {
  it('are counted by pod, even if a pod is in several slices', () => {
    const endpoints = new EndpointHistory();
    endpoints.see(1, 'web-a', slice('web', 'one', 'two'));
    endpoints.see(2, 'web-b', slice('web', 'one', 'two', 'three'));
    endpoints.see(3, 'web-a', undefined);
    assert.deepEqual(readyOf(endpoints), ['one two', 'one two three', 'one two three']);
    const twice = new EndpointHistory();
    twice.see(1, 'web-a', slice('web', 'one', 'one'));
    assert.deepEqual(readyOf(twice), ['one']);
  });

  it('are those of the address family that clients use, or else of the first family with endpoints', () => {
    const endpoints = new EndpointHistory();
    endpoints.see(1, 'web-6', ofIpv6());
    endpoints.see(2, 'web-4', slice('web', 'one', 'two'));
    endpoints.see(3, 'web-6', ofIpv6('one', 'two', 'three'));
    endpoints.see(4, 'web-4', slice('web', 'one'));
    endpoints.see(5, 'web-6', ofIpv6());
    assert.deepEqual(readyOf(endpoints), ['', 'one two', 'one']);
    endpoints.usedFamily = 6;
    assert.deepEqual(readyOf(endpoints), ['one two three', '']);
    const alone = new EndpointHistory();
    alone.see(1, 'web-6', ofIpv6());
    alone.see(2, 'web-6', ofIpv6('one'));
    assert.deepEqual(readyOf(alone), ['one']);
    const empty = new EndpointHistory();
    empty.see(1, 'web-6', ofIpv6());
    assert.deepEqual(readyOf(empty), ['']);
  });

  it('are those of the Service with the name of an owner, even if another was seen first', () => {
    const endpoints = new EndpointHistory();
    endpoints.see(1, 'admin-x', slice('admin', 'other'));
    assert.deepEqual(endpoints.sets.at(-1)?.ready, ['other']);
    endpoints.see(2, 'web-x', slice('web', 'one'));
    endpoints.seeOwner('web');
    endpoints.see(3, 'admin-x', slice('admin', 'other', 'another'));
    assert.deepEqual(
      endpoints.during(0, 9).map(({ at, ready }) => [at, ready]),
      [[2, ['one']]],
    );
  });
});
