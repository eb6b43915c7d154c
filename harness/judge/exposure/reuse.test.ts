import assert from 'node:assert/strict';
import type { Evidence } from './gap.ts';
import { noTurnGaps } from './reuse.ts';

/** The gaps of kept-alive traffic of 20 requests a second. `later` of the requests reuse a connection. */
const gaps = (later: number, keptAlivePerSecond = 20) =>
  noTurnGaps({
    plan: { traffic: { freshPerSecond: 50, keptAlivePerSecond, timeoutMs: 2000 } },
    exposure: { traffic: { 'kept-alive': { later: { rows: later } } } },
  } as unknown as Evidence);

describe('kept-alive connections', () => {
  it('must have had their second turn before the fault, or a longer baseline is recommended', () => {
    assert.deepEqual(
      gaps(0).map(({ text }) => text),
      ['no kept-alive connection could be used again before the fault'],
    );
    assert.match(gaps(0)[0]?.remedy ?? '', /^a warm-up and baseline of more than \d+\.\d s, so that every connection/);
  });

  it('need no turn if there are none, or if one was used again', () => {
    assert.deepEqual(gaps(1), []);
    assert.deepEqual(gaps(0, 0), []);
  });
});
