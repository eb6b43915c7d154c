import assert from 'node:assert/strict';
import type { WorkloadEvent } from '../../model/event.ts';
import { PodHistory } from '../timeline/pod-history.ts';
import { listenerEnd } from './listener-end.ts';

/** A pod with this log, in seconds, that was seen terminating at 20 s. */
function deletedAt20(log: readonly (readonly [WorkloadEvent['type'], number])[]): PodHistory {
  const pod = new PodHistory('web-0');
  pod.terminating = 20e6;
  for (const [type, second] of log) pod.seeLog({ at: second * 1e6, type, pod: 'web-0' });
  return pod;
}

describe('the end of a listener after the deletion of its pod', () => {
  const killed = [
    ['boot', 0.2],
    ['listen', 0.4],
    ['exit', 20.5],
  ] as const;

  it('was a termination, although a pod of the same name boots later', () => {
    const pod = deletedAt20([...killed, ['boot', 25]]);
    assert.equal(listenerEnd(pod, 21e6)?.terminated, true);
  });

  it('may have been a restart if the process had booted again by then', () => {
    const pod = deletedAt20([...killed, ['boot', 20.8]]);
    assert.equal(listenerEnd(pod, 21e6)?.terminated, undefined);
  });
});
