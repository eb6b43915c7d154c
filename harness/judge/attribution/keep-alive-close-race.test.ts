import assert from 'node:assert/strict';
import { PodHistory } from '../timeline/pod-history.ts';
import { runningPod } from '../timeline/testing/running-pod.ts';
import type { FailureCase } from './failure-case.ts';
import { keepAliveCloseRace } from './keep-alive-close-race.ts';

const server = { name: 'server', ready: true, reason: 'OOMKilled', exitCode: 137, restartCount: 0, ended: null };

/** What is said of a reused connection that broke from 10 s to 10.01 s, if the container was seen ended at `ended` s. */
function saidIfEnded(ended: number): string | undefined {
  const pod = new PodHistory('web-1');
  pod.seePod(0.1e6, 'added', { ...runningPod, containers: [{ ...server, state: 'running' }] });
  pod.seeLog({ at: 0.2e6, type: 'boot', pod: 'web-1' });
  pod.seeLog({ at: 0.4e6, type: 'listen', pod: 'web-1' });
  pod.seePod(ended * 1e6, 'modified', { ...runningPod, containers: [{ ...server, state: 'terminated' }] });
  const failure = {
    request: { id: 'kept-alive-1', reused: true, code: 1220, status: 0, start: 10e6, end: 10.01e6 },
    served: undefined,
    serverLog: { isWhole: () => true },
  } as unknown as FailureCase;
  const found = keepAliveCloseRace(failure, { pod, at: 10e6, by: 'conntrack' });
  if (found) assert.equal(found.cause, 'keep-alive-close-race');
  return found?.words;
}

describe('a kept-alive connection to a process that had no time to log its end', () => {
  it('broke because the container ended, which the watch reports up to 2 s later', () => {
    assert.match(
      saidIfEnded(10.51) ?? '',
      /: pod web-1 was seen ended 0\.50 s later, and its kept-alive connection broke/,
    );
    assert.match(saidIfEnded(12) ?? '', / was seen ended 1\.99 s later, /);
  });

  it('did not break for this reason if the container had ended before, or ended much later', () => {
    assert.equal(saidIfEnded(9.9), undefined);
    assert.equal(saidIfEnded(12.1), undefined);
  });
});
