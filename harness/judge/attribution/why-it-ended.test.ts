import assert from 'node:assert/strict';
import { PodHistory } from '../timeline/pod-history.ts';
import { runningPod } from '../timeline/testing/running-pod.ts';
import { Timeline } from '../timeline/timeline.ts';
import type { FailureCase } from './failure-case.ts';
import { whyItEnded } from './why-it-ended.ts';

const deleted = { ...runningPod, terminating: true, graceSeconds: 10 };

/**
 * Why a process ended `after` seconds after SIGTERM, with this exit code. The grace period is 10 s, and the preStop hook
 * takes the first 4 s of it.
 */
function whyAfter(after: number, exitCode: number, reason = 'Error'): string {
  const pod = new PodHistory('web-1');
  const server = { name: 'server', ready: false, reason, exitCode, restartCount: 0, ended: null };
  pod.seeLog({ at: 0.2e6, type: 'boot', pod: 'web-1' });
  pod.seeLog({ at: 20e6, type: 'sigterm', pod: 'web-1' });
  const ended = 20e6 + after * 1e6;
  pod.seePod(ended, 'modified', { ...deleted, containers: [{ ...server, state: 'terminated' }] });
  const facts = { grace: 10, preStop: { server: { sleepSeconds: 4 } } };
  const plan = { workload: { container: 'server', facts } };
  return whyItEnded({ timeline: new Timeline(), plan } as unknown as FailureCase, pod, ended);
}

describe('the reason why a process ended', () => {
  it('is the end of its grace period, which includes the time of the preStop hook, if it was killed then', () => {
    assert.equal(whyAfter(6.02, 137), '6.02 s after SIGTERM: its grace period of 10.00 s was over');
  });

  it('is not the grace period if it was killed earlier, or ended by itself', () => {
    assert.equal(whyAfter(3, 137), '3.00 s after SIGTERM');
    assert.equal(whyAfter(6.02, 1), '6.02 s after SIGTERM');
  });

  it('is the limit of its memory, whenever that was reached', () => {
    assert.equal(whyAfter(6.02, 137, 'OOMKilled'), 'over its memory limit');
  });
});
