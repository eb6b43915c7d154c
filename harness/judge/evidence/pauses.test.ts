import assert from 'node:assert/strict';
import { pauses } from './pauses.ts';

describe('pauses in long work', () => {
  it('let a timer abort the work', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 1);
    const pause = pauses(stop.signal);
    const until = performance.now() + 2000;
    await assert.rejects(async () => {
      while (performance.now() < until) await pause();
    }, /enough/);
  });

  it('do nothing without a signal', async () => {
    const pause = pauses(undefined);
    for (let count = 0; count < 10; count++) await pause();
  });
});
