import assert from 'node:assert/strict';
import { involvedObject, nodeState, podState, sliceState } from './project.ts';

describe('what is recorded of a node', () => {
  it('is where it stands, and none of its other labels', () => {
    const labels = { 'topology.kubernetes.io/zone': 'a', rack: 'rack-a', secret: 'x' };
    const recorded = nodeState({ metadata: { name: 'w1', labels } });
    assert.deepEqual([recorded.zone, recorded.rack], ['a', 'rack-a']);
    assert.doesNotMatch(JSON.stringify(recorded), /secret/);
  });

  it('is nothing of where it stands without labels', () => {
    const { zone, rack } = nodeState({ metadata: { name: 'control-plane' } });
    assert.deepEqual([zone, rack], ['', '']);
  });
});

describe('what is recorded of an endpoint slice', () => {
  const metadata = { name: 'web-x', labels: { 'kubernetes.io/service-name': 'web' } };
  const conditions = { ready: true, serving: true, terminating: false };

  it('is its address family, and each endpoint with its pod’s name and UID', () => {
    const targetRef = { kind: 'Pod', name: 'web-1', uid: 'uid-1' };
    const endpoints = [{ addresses: ['fd00::1'], nodeName: 'w1', targetRef, conditions }];
    assert.deepEqual(sliceState({ metadata, ...{ addressType: 'IPv6', endpoints } }), {
      service: 'web',
      addressType: 'IPv6',
      endpoints: [{ ip: 'fd00::1', pod: 'web-1', uid: 'uid-1', node: 'w1', ...conditions }],
    });
  });

  it('is no pod where the endpoint names none', () => {
    const endpoints = [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Node', name: 'w1', uid: 'uid-1' } }];
    const [endpoint] = sliceState({ metadata, ...{ addressType: 'IPv4', endpoints } }).endpoints;
    assert.deepEqual([endpoint?.pod, endpoint?.uid, endpoint?.ready], ['', '', true]);
  });
});

describe('what is recorded of a pod', () => {
  it('is each container by its name', () => {
    const state = { running: {} };
    const ended = { terminated: { reason: 'Error', exitCode: 1 } };
    const containerStatuses = [
      { name: 'server', ready: true, restartCount: 0, state },
      { name: 'sidecar', ready: true, restartCount: 2, state, lastState: ended },
    ];
    const { containers } = podState({ metadata: { name: 'web-1' }, ...{ status: { containerStatuses } } });
    assert.deepEqual(
      containers.map(({ name, restartCount, ended: before }) => [name, restartCount, before]),
      [
        ['server', 0, null],
        ['sidecar', 2, { reason: 'Error', exitCode: 1 }],
      ],
    );
  });
});

describe('the object that an event of Kubernetes is about', () => {
  const about = (involved: object) => involvedObject({ metadata: {}, ...{ involvedObject: involved } });

  it('is the involved one', () => {
    const pod = { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'uid-1', fieldPath: 'spec.containers{server}' };
    assert.deepEqual(about(pod), { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'uid-1' });
  });

  it('is a node by its name where the kubelet says so', () => {
    assert.deepEqual(about({ kind: 'Node', name: 'w1', uid: 'w1' }), {
      uid: 'w1',
      kind: 'Node',
      namespace: undefined,
      name: 'w1',
    });
    assert.equal(about({ kind: 'Node', name: 'w1' }).uid, 'w1');
  });
});
