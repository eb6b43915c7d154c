import assert from 'node:assert/strict';
import type { WorkloadEvent } from '../../model/event.ts';
import { PodHistory } from './pod-history.ts';

const container = { name: 'server', ready: true, reason: '', exitCode: null };
const killed = { reason: 'OOMKilled', exitCode: 137 };

/** A pod whose watch tells of a restart at 6.1 s, and whose log is this. */
function restarted(log: readonly [WorkloadEvent['type'], number][]): PodHistory {
  const pod = new PodHistory('web-1');
  const see = (at: number, restartCount: number) =>
    pod.seePod(at, 'modified', {
      uid: '',
      node: 'w1',
      ip: '10.244.0.10',
      phase: 'Running',
      ready: true,
      version: '',
      terminating: false,
      graceSeconds: null,
      containers: [{ ...container, state: 'running', restartCount, ended: restartCount > 0 ? killed : null }],
    });
  see(0.5e6, 0);
  see(6.1e6, 1);
  for (const [type, second] of log) pod.seeLog({ at: second * 1e6, type, pod: 'web-1' });
  return pod;
}

describe('the history of a pod', () => {
  it('goes on where the restart is seen after it listens again', () => {
    const pod = restarted([
      ['boot', 0.2],
      ['listen', 0.4],
      ['exit', 5],
      ['boot', 5.2],
      ['listen', 5.3],
    ]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 5e6, endedBy: 'exit' }, { from: 5.3e6 }]);
  });

  it('has a killed container end by the boot of the next, and says how', () => {
    const pod = restarted([
      ['boot', 0.2],
      ['listen', 0.4],
      ['boot', 5.2],
      ['listen', 5.3],
    ]);
    assert.deepEqual(pod.ends, [{ ...killed, at: 5.2e6 }]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 5.2e6, endedBy: 'container ended' }, { from: 5.3e6 }]);
  });

  it('has a killed container end when it is seen, where the next boots later', () => {
    const pod = restarted([
      ['boot', 0.2],
      ['listen', 0.4],
      ['boot', 6.5],
      ['listen', 7],
    ]);
    assert.deepEqual(pod.ends, [{ ...killed, at: 6.1e6 }]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 6.1e6, endedBy: 'container ended' }, { from: 7e6 }]);
  });
});
