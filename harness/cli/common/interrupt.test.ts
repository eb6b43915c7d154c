import assert from 'node:assert/strict';
import { once } from 'node:events';
import { deadlineSignal } from './interrupt.ts';

describe('a deadline', () => {
  it('aborts after its time, later for work that may take longer, and gives the reason', async () => {
    const [recording, judging] = [deadlineSignal(10), deadlineSignal(10, 60_000)];
    // The timer of a deadline does not keep the process alive.
    const alive = setTimeout(() => undefined, 10_000);
    await once(recording, 'abort');
    clearTimeout(alive);
    assert.match(
      String(recording.reason),
      /the deadline of 0\.01 s has passed\. Allow more time, such as --deadline 2h/,
    );
    assert.equal(judging.aborted, false);
  });
});
