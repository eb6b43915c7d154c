import assert from 'node:assert/strict';
import type { Cause } from '../../model/cause.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { Buckets } from '../evidence/buckets.ts';
import { Moments } from '../evidence/moments.ts';
import { boundedLoss, nobodyAnswered } from './outage.ts';

const phases = {
  warmup: { from: 0, to: 0 },
  baseline: { from: 0, to: 0 },
  fault: { from: 0, to: 20e6 },
  tail: { from: 20e6, to: 20e6 },
};

/** Half seconds from the fault on: how many requests were answered in each, and how many failed. */
function evidenceOf(halves: readonly (readonly [number, number])[], cause: Cause = 'node-down'): ArmEvidence {
  const answered = new Moments(phases.fault);
  const buckets = new Buckets({ from: 0, to: halves.length * 500_000 });
  const failures = halves.flatMap(([well, failed], index) => {
    const all = well + failed;
    const starts = Array.from({ length: all }, (_, nth) => index * 500_000 + Math.floor((nth * 500_000) / all));
    // Spread evenly among those that were answered.
    const lost = (nth: number) => Math.floor(((nth + 1) * failed) / all) > Math.floor((nth * failed) / all);
    for (const [nth, start] of starts.entries()) {
      if (lost(nth)) buckets.fail(start, cause);
      else {
        answered.see(start);
        buckets.answer(start);
      }
    }
    return starts
      .filter((_, nth) => lost(nth))
      .map((start) => ({ request: { id: 'fresh-1', start }, cause, why: () => ({ words: 'lost' }) }));
  });
  const timeline = { faults: [], pods: new Map(), phases: { times: () => phases }, last: 0 };
  const landings = { of: () => undefined };
  const parts = { plan: { disruptions: [] }, phases, buckets, failures, answered, timeline, landings };
  return parts as unknown as ArmEvidence;
}

describe('an outage', () => {
  const expect = { kind: 'outage', atLeastMs: 2000, causes: ['node-down'] } as const;
  const ask = (...given: Parameters<typeof evidenceOf>) =>
    nobodyAnswered('losses', expect, 'inconclusive').ask(evidenceOf(...given));

  it('is as long as nobody answered', () => {
    const { verdict, measured } = ask([
      [50, 0],
      [0, 50],
      [0, 50],
      [0, 50],
      [0, 50],
      [0, 50],
      [50, 0],
    ]);
    assert.equal(verdict, 'pass');
    assert.match(
      measured,
      /^no answer for 2\.49 s \(at most 2\.51 s\), from 0\.50 s after the fault on; 250 failed requests: 250 node down/,
    );
  });

  it('ends with a single answer', () =>
    assert.equal(
      ask([
        [0, 50],
        [0, 50],
        [1, 49],
        [0, 50],
        [0, 50],
      ]).verdict,
      'inconclusive',
    ));

  it('needs requests that were lost, and for the reason that is expected', () => {
    assert.equal(
      ask([
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ]).verdict,
      'inconclusive',
    );
    assert.equal(
      ask(
        [
          [0, 50],
          [0, 50],
          [0, 50],
          [0, 50],
        ],
        'http-error',
      ).verdict,
      'inconclusive',
    );
  });
});

describe('a bounded loss', () => {
  const expect = {
    kind: 'bounded-loss',
    causes: ['node-down'],
    afterwards: [],
    windowMs: 1000,
    shareAtMost: 0.5,
  } as const;
  const ask = (...given: Parameters<typeof evidenceOf>) =>
    boundedLoss('losses', expect, 'fail').ask(evidenceOf(...given));

  it('is a share of the requests, for as long as rules to a lost node can stand', () => {
    const { verdict, measured } = ask([
      [30, 20],
      [30, 20],
      [50, 0],
    ]);
    assert.equal(verdict, 'pass');
    assert.match(
      measured,
      /^40 failed requests \(40 node down\), at most 40 % in any 1 s, never without an answer for 0\.50 s$/,
    );
  });

  it('is broken by too large a share, a silent second, another cause, and a late one', () => {
    assert.match(
      ask([
        [20, 30],
        [20, 30],
      ]).measured,
      /60 % failed within 1 s/,
    );
    assert.match(
      ask([
        [90, 0],
        [0, 10],
        [0, 10],
        [0, 10],
        [90, 0],
      ]).measured,
      /no answer for 1\.45 s/,
    );
    const otherwise = ask([[40, 10]], 'no-endpoint');
    assert.match(otherwise.measured, /10 requests failed otherwise: 10 no endpoint/);
    assert.equal(otherwise.evidence?.[0]?.text, 'fresh-1 lost');
    assert.match(ask([[10, 40]]).measured, /80 % failed within 1 s/);
    const late = [...Array.from({ length: 12 }, () => [50, 0] as const), [49, 1] as const];
    assert.match(ask(late).measured, /1 request failed otherwise/);
    assert.equal(ask(late).verdict, 'fail');
  });

  it('is in doubt where nobody knows why one failed, and broken after the rules to a lost node are gone', () => {
    assert.equal(ask([[40, 10]], 'unattributed').verdict, 'inconclusive');
    assert.match(ask([[40, 10]], 'unattributed').measured, /\. Some may have failed otherwise: nobody knows why$/);
    const late = [...Array.from({ length: 12 }, () => [50, 0] as const), [49, 1] as const];
    assert.equal(ask(late, 'unattributed').verdict, 'fail');
  });

  it('is in doubt where too few were sent to tell whether a second was silent', () => {
    const sparse = evidenceOf([
      [30, 0],
      [0, 1],
      [0, 0],
      [30, 0],
    ]);
    const { verdict, measured } = boundedLoss('losses', { ...expect, shareAtMost: 1 }, 'fail').ask(sparse);
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /no answer for 0\.00 s \(at most 1\.\d\d s\).* Too few were sent to tell$/);
  });
});
