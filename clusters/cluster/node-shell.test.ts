import assert from 'node:assert/strict';
import { until } from './node-shell.ts';

describe('until', () => {
  it('asks again after a failure, and ends when nothing is wrong', async () => {
    const answers = [() => 'not Ready: a', () => assert.fail('no answer'), () => undefined];
    await until('every node Ready', 60_000, async () => answers.shift()?.());
    assert.equal(answers.length, 0);
  });

  it('says what it saw last when the time is up', async () => {
    await assert.rejects(
      until('every node Ready', -1, async () => 'not Ready: a'),
      /^Error: every node Ready: not within .* Last seen: not Ready: a$/,
    );
  });

  it('ends at once when it is interrupted', async () => {
    const abort = new AbortController();
    const asking = until(
      'every node Ready',
      60_000,
      async () => {
        abort.abort(new Error('interrupted'));
        return 'not Ready: a';
      },
      abort.signal,
    );
    await assert.rejects(asking, /interrupted/);
  });
});
