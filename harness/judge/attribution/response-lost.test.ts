import assert from 'node:assert/strict';
import { Timeline } from '../timeline/timeline.ts';
import type { FailureCase } from './failure-case.ts';
import { responseLost } from './response-lost.ts';

const second = 1e6;

/** What is found of a timeout after `seconds` of at most 2 s. The pod logged the end of the request after 3 ms. */
const foundAfter = (seconds: number, timeline = new Timeline(), route: object = { kind: 'unknown' }) =>
  responseLost({
    plan: { traffic: { timeoutMs: 2000 } },
    timeline,
    route,
    request: { id: 'fresh-1', code: 1050, status: 0, start: 10 * second, end: (10 + seconds) * second },
    served: { pod: 'web-1', start: 10 * second + 1000, end: 10 * second + 3000 },
  } as unknown as FailureCase);

const causeAfter = (seconds: number) => foundAfter(seconds)?.cause;

describe('an answer that did not arrive', () => {
  it('is the cause if the client waited for it', () => {
    assert.equal(causeAfter(2.002), 'response-lost');
    assert.equal(causeAfter(2.13), 'response-lost');
  });

  it('tells how its pod is known: by its route, or only by its log', () => {
    const timeline = new Timeline();
    const byConntrack = { kind: 'pod', pod: timeline.pod('web-1', 10 * second), by: 'conntrack' };
    const toAnother = { ...byConntrack, pod: timeline.pod('web-2', 10 * second) };
    assert.equal(foundAfter(2.002, timeline, byConntrack)?.podBy, 'conntrack');
    assert.equal(foundAfter(2.002, timeline, toAnother)?.podBy, 'inferred');
    assert.equal(foundAfter(2.002)?.podBy, 'inferred');
  });

  it('may not be the cause if the client was paused, because it noticed its timeout late', () => {
    assert.equal(causeAfter(3.1), undefined);
  });
});
