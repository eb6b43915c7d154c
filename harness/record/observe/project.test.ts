import assert from 'node:assert/strict';
import { nodeState, podState, sliceState } from './project.ts';

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

describe('what is recorded of a pod', () => {
  it('is each container that runs beside the server, also a sidecar, and no container that only prepares it', () => {
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

  it('is the same where a version of Kubernetes says less', () => {
    const { ready, graceSeconds, containers } = podState({ metadata: { name: 'web-1' } });
    assert.deepEqual([ready, graceSeconds, containers], [false, null, []]);
  });
});

describe('what is recorded of an endpoint', () => {
  const recorded = (conditions?: object) => {
    const [endpoint] = sliceState({
      endpoints: [{ addresses: ['fd00::1', 'fd00::2'], conditions }],
    } as object).endpoints;
    return [endpoint?.ready, endpoint?.serving, endpoint?.terminating];
  };

  it('is what it says, and what kube-proxy makes of what it does not say', () => {
    assert.deepEqual(recorded({ ready: false, serving: false, terminating: true }), [false, false, true]);
    assert.deepEqual(recorded({ ready: false, serving: true, terminating: true }), [false, true, true]);
    assert.deepEqual(recorded({ ready: false, terminating: true }), [false, true, true]);
    assert.deepEqual(recorded({}), [true, true, false]);
    assert.deepEqual(recorded(), [true, true, false]);
  });
});
