import assert from 'node:assert/strict';
import fc from 'fast-check';
import { upperBound } from '../judge/strength.ts';
import { cleanTrialsFor, trialNoun, trialsIn } from './claim.ts';
import type { Disruption } from './experiment.ts';

const of = (...names: string[]): Disruption[] =>
  names.map((name) => ({ id: name, when: { atMs: 0 }, fault: { name, params: {} }, limitMs: 1 }));

describe('a claim', () => {
  it('needs as many clean trials as the published table', () => {
    const needed = (confidence: number, share: number) => cleanTrialsFor({ confidence, share });
    assert.deepEqual([needed(0.95, 0.1), needed(0.95, 0.05), needed(0.95, 0.01)], [29, 59, 299]);
    assert.equal(needed(0.75, 0.5), 2);
    assert.equal(needed(0.5, 0.5), 1);
    // 1 − 0.7² and 1 − 0.7³: their logarithms are a rounding error away from whole multiples.
    assert.deepEqual([needed(0.51, 0.3), needed(0.657, 0.3)], [2, 3]);
  });

  it('is shown by this number of trials, and not by one fewer', () => {
    const share = fc.double({ min: 0.005, max: 0.5, noNaN: true });
    const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(confidence, share, (sure, bad) => {
        const trials = cleanTrialsFor({ confidence: sure, share: bad });
        assert.ok(upperBound(0, trials, sure) <= bad + 1e-9);
        assert.ok(trials === 1 || upperBound(0, trials - 1, sure) > bad);
      }),
    );
  });

  it('counts injections of one fault, and a combination of faults as one', () => {
    assert.deepEqual([trialsIn([]), trialsIn(of('drain')), trialsIn(of('drain', 'drain'))], [0, 1, 2]);
    assert.equal(trialsIn(of('rollout', 'drain')), 1);
    assert.deepEqual([trialNoun(of('drain', 'drain')), trialNoun(of('rollout', 'drain'))], ['drain', 'combination']);
  });
});
