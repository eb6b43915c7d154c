import assert from 'node:assert/strict';
import { NotInTime, poll } from './clock.ts';

const { signal } = new AbortController();

describe('poll', () => {
  it('probes again until the probe is done, and resolves to its result', async () => {
    const answers = [{ problem: 'not Ready: a' }, { waitingFor: 'its pod' }, { done: 'it' }];
    const next = async () => answers.shift() ?? assert.fail('probed once too often');
    assert.equal(await poll('every node to be Ready', 60_000, signal, next, 1), 'it');
    assert.equal(answers.length, 0);
  });

  it('says what the last probe found when the time is up', async () => {
    const late = (answer: { problem: string } | { waitingFor: string }) =>
      poll('every node to be Ready', -1, signal, async () => answer);
    const words = 'every node to be Ready: timed out after -0.001 s.';
    await assert.rejects(late({ problem: 'not Ready: a' }), new NotInTime(`${words} Last observed: not Ready: a`));
    await assert.rejects(late({ waitingFor: 'node a' }), new NotInTime(`${words} Still waiting for node a`));
  });

  it('throws what a probe throws', async () => {
    await assert.rejects(
      poll('a pod', 60_000, signal, () => Promise.reject(new Error('forbidden'))),
      /forbidden/,
    );
  });

  it('ends at once when it is interrupted, with the reason', async () => {
    const abort = new AbortController();
    const probe = async () => {
      abort.abort(new Error('interrupted'));
      return { problem: 'not Ready: a' };
    };
    // Not even if the time is up as well.
    for (const limitMs of [60_000, -1])
      await assert.rejects(poll('every node', limitMs, abort.signal, probe), /^Error: interrupted$/);
  });
});
