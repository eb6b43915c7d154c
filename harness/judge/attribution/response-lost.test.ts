import assert from 'node:assert/strict';
import { Timeline } from '../timeline/timeline.ts';
import type { FailureCase } from './failure-case.ts';
import { responseLost } from './response-lost.ts';

const second = 1e6;

/** The cause of a timeout after `seconds` of at most 2 s. The pod logged the end of the request after 3 ms. */
const causeAfter = (seconds: number): string | undefined =>
  responseLost({
    plan: { traffic: { timeoutMs: 2000 } },
    timeline: new Timeline(),
    route: { kind: 'unknown' },
    request: { id: 'fresh-1', code: 1050, status: 0, start: 10 * second, end: (10 + seconds) * second },
    served: { pod: 'web-1', start: 10 * second + 1000, end: 10 * second + 3000 },
  } as unknown as FailureCase)?.cause;

describe('an answer that did not arrive', () => {
  it('is the cause if the client waited for it', () => {
    assert.equal(causeAfter(2.002), 'response-lost');
    assert.equal(causeAfter(2.13), 'response-lost');
  });

  it('may not be the cause if the client was paused, because it noticed its timeout late', () => {
    assert.equal(causeAfter(3.1), undefined);
  });
});
