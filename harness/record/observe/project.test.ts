import assert from 'node:assert/strict';
import { involvedObject, nodeState, ownerState, podState, sliceState } from './project.ts';

describe('the recorded state of a node', () => {
  it('has its zone and rack, and none of its other labels', () => {
    const labels = { 'topology.kubernetes.io/zone': 'a', rack: 'rack-a', secret: 'x' };
    const recorded = nodeState({ metadata: { name: 'w1', labels } });
    assert.deepEqual([recorded.zone, recorded.rack], ['a', 'rack-a']);
    assert.doesNotMatch(JSON.stringify(recorded), /secret/);
  });

  it('is Ready, not Ready, or unknown', () => {
    const ready = (...conditions: readonly object[]) =>
      nodeState({ metadata: { name: 'w1' }, ...{ status: { conditions } } }).ready;
    for (const status of ['True', 'False', 'Unknown'])
      assert.equal(ready({ type: 'DiskPressure', status: 'False' }, { type: 'Ready', status }), status);
    assert.equal(ready(), 'Unknown');
  });

  it('has no zone and no rack without labels', () => {
    const { zone, rack } = nodeState({ metadata: { name: 'control-plane' } });
    assert.deepEqual([zone, rack], ['', '']);
  });
});

describe('the recorded state of an EndpointSlice', () => {
  const metadata = { name: 'web-x', labels: { 'kubernetes.io/service-name': 'web' } };
  const conditions = { ready: true, serving: true, terminating: false };

  it('has its address family, and each endpoint with the name and UID of its pod', () => {
    const targetRef = { kind: 'Pod', name: 'web-1', uid: 'uid-1' };
    const endpoints = [{ addresses: ['fd00::1'], nodeName: 'w1', targetRef, conditions }];
    assert.deepEqual(sliceState({ metadata, ...{ addressType: 'IPv6', endpoints } }), {
      service: 'web',
      addressType: 'IPv6',
      endpoints: [{ ip: 'fd00::1', pod: 'web-1', uid: 'uid-1', node: 'w1', ...conditions }],
    });
  });

  it('has no pod if the endpoint names none', () => {
    const endpoints = [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Node', name: 'w1', uid: 'uid-1' } }];
    const [endpoint] = sliceState({ metadata, ...{ addressType: 'IPv4', endpoints } }).endpoints;
    assert.deepEqual([endpoint?.pod, endpoint?.uid, endpoint?.ready], ['', '', true]);
  });
});

describe('the recorded containers of a pod', () => {
  it('are all containers by name', () => {
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

describe('the object of a Kubernetes event', () => {
  const about = (involved: object) => involvedObject({ metadata: {}, ...{ involvedObject: involved } });

  it('is the involved object', () => {
    const pod = { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'uid-1', fieldPath: 'spec.containers{server}' };
    assert.deepEqual(about(pod), { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'uid-1' });
  });

  it('is a node by its name if the kubelet wrote it', () => {
    assert.deepEqual(about({ kind: 'Node', name: 'w1', uid: 'w1' }), {
      uid: 'w1',
      kind: 'Node',
      namespace: undefined,
      name: 'w1',
    });
    assert.equal(about({ kind: 'Node', name: 'w1' }).uid, 'w1');
  });
});

describe('the recorded state of a pod', () => {
  it('has each running container, also sidecars, but no other init container', () => {
    const running = { ready: true, restartCount: 0, state: { running: {} } };
    const { containers } = podState({
      metadata: { name: 'web-1', uid: 'u' },
      spec: {
        initContainers: [{ name: 'prepare' }, { name: 'proxy', restartPolicy: 'Always' }],
        containers: [{ name: 'server' }],
      },
      status: {
        initContainerStatuses: [
          { ...running, name: 'prepare', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
          { ...running, name: 'proxy', restartCount: 2, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
        ],
        containerStatuses: [{ ...running, name: 'server' }],
      },
    } as object);
    assert.deepEqual(
      containers.map(({ name, restartCount, ended }) => [name, restartCount, ended?.exitCode]),
      [
        ['server', 0, undefined],
        ['proxy', 2, 1],
      ],
    );
  });

  it('has its revision and its version from its labels, and none of its other labels', () => {
    const labels = { app: 'web', version: '2', 'pod-template-hash': '7c4b9d8f65' };
    const recorded = podState({ metadata: { name: 'web-1', labels } });
    assert.deepEqual([recorded.revision, recorded.version], ['7c4b9d8f65', '2']);
    assert.doesNotMatch(JSON.stringify(recorded), /app/);
    const { revision, version } = podState({ metadata: { name: 'web-1' } });
    assert.deepEqual([revision, version], ['', '']);
  });

  it('has defaults for fields that a version of Kubernetes omits', () => {
    const { ready, graceSeconds, containers } = podState({ metadata: { name: 'web-1' } });
    assert.deepEqual([ready, graceSeconds, containers], [false, null, []]);
  });
});

describe('the recorded state of a StatefulSet', () => {
  it('has the same fields as that of a Deployment', () => {
    const status = { observedGeneration: 3, replicas: 2, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 };
    const metadata = { name: 'db', generation: 3 };
    assert.deepEqual(ownerState({ metadata, ...{ spec: { replicas: 2 }, status } }), {
      generation: 3,
      observedGeneration: 3,
      desired: 2,
      replicas: 2,
      updated: 1,
      ready: 2,
      available: 2,
    });
    const counts = { desired: 1, replicas: 0, updated: 0, ready: 0, available: 0 };
    assert.deepEqual(ownerState({ metadata: { name: 'db' } }), { generation: 0, observedGeneration: 0, ...counts });
  });
});

describe('the recorded state of an endpoint', () => {
  const recorded = (conditions?: object) => {
    const [endpoint] = sliceState({
      endpoints: [{ addresses: ['fd00::1', 'fd00::2'], conditions }],
    } as object).endpoints;
    return [endpoint?.ready, endpoint?.serving, endpoint?.terminating];
  };

  it('has its conditions, and the defaults of kube-proxy for missing ones', () => {
    assert.deepEqual(recorded({ ready: false, serving: false, terminating: true }), [false, false, true]);
    assert.deepEqual(recorded({ ready: false, serving: true, terminating: true }), [false, true, true]);
    assert.deepEqual(recorded({ ready: false, terminating: true }), [false, true, true]);
    assert.deepEqual(recorded({}), [true, true, false]);
    assert.deepEqual(recorded(), [true, true, false]);
  });
});
