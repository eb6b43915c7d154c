import assert from 'node:assert/strict';
import type { SliceState } from '../../model/event.ts';
import { EndpointHistory } from './endpoints.ts';

const slice = (service: string, ...pods: readonly string[]): SliceState => ({
  service,
  addressType: 'IPv4',
  endpoints: pods.map((pod) => ({ ip: '', pod, uid: '', node: '', ready: true, serving: true, terminating: false })),
});

describe('endpoints', () => {
  it('are pods: one of two address families has two slices', () => {
    const endpoints = new EndpointHistory();
    endpoints.see(1, 'web-4', slice('web', 'one', 'two'));
    endpoints.see(2, 'web-6', slice('web', 'one', 'two', 'three'));
    endpoints.see(3, 'web-4', undefined);
    assert.deepEqual(
      endpoints.sets.map(({ ready }) => ready),
      [
        ['one', 'two'],
        ['one', 'two', 'three'],
        ['one', 'two', 'three'],
      ],
    );
    const twice = new EndpointHistory();
    twice.see(1, 'web-4', slice('web', 'one', 'one'));
    assert.deepEqual(twice.sets[0]?.ready, ['one']);
  });

  it('are of the Service that bears the name of the Deployment, whichever was seen first', () => {
    const endpoints = new EndpointHistory();
    endpoints.see(1, 'admin-x', slice('admin', 'other'));
    assert.deepEqual(endpoints.sets.at(-1)?.ready, ['other']);
    endpoints.see(2, 'web-x', slice('web', 'one'));
    endpoints.seeDeployment('web');
    endpoints.see(3, 'admin-x', slice('admin', 'other', 'another'));
    assert.deepEqual(
      endpoints.during(0, 9).map(({ at, ready }) => [at, ready]),
      [[2, ['one']]],
    );
  });
});
