import assert from 'node:assert/strict';
import { expectationInWords } from './in-words.ts';

describe('a bounded loss in words', () => {
  const bounded = { kind: 'bounded-loss', windowMs: 5000, shareAtMost: 0.5 } as const;

  it('names every allowed cause, and until when it is allowed', () =>
    assert.equal(
      expectationInWords({
        ...bounded,
        causes: ['node-down', 'lost-with-its-node', 'stale-conntrack'],
        afterwards: ['stale-conntrack'],
      }),
      'no failure but node down, lost with its node or stale conntrack; at most 50 % failed in any 5 s, no full second without an answer on connections of any kind; once the last rule to a lost endpoint is gone, none but stale conntrack',
    ));

  it('says when no cause is allowed afterwards', () =>
    assert.match(
      expectationInWords({ ...bounded, causes: ['node-down'], afterwards: [] }),
      /^no failure but node down; .* once the last rule to a lost endpoint is gone, none at all$/,
    ));
});
