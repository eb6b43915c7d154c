import { listed } from '../../model/number-words.ts';
import type { Ms } from '../../model/units.ts';
import { inMs, tolerableError } from '../evidence/clock-differences.ts';
import { stepLimitMs } from '../evidence/clock-fold.ts';
import type { Check } from './check.ts';

/** Samples are taken every second. A longer gap between two of them may hide a step. */
const gapLimitMs: Ms = 5000;

/**
 * The wall clock that stamps all recordings did not step, and the clock offsets of other machines are known well
 * enough.
 */
export const clockSteady: Check = {
  id: 'clock-steady',
  ask({ clock, offsets }) {
    const expected = `a sample at least every ${gapLimitMs / 1000} s, and no step beyond ${stepLimitMs} ms`;
    const { step, back, gap, samples } = clock;
    if (!step || samples === 0) return { verdict: 'inconclusive', expected, measured: 'the clock was not recorded' };
    const largest = Math.max(gap?.value ?? 0, clock.uncoveredMs);
    const measured = `largest step ${step.value.toFixed(2)} ms, at most ${(largest / 1000).toFixed(1)} s between samples`;
    const evidence = [{ at: step.at, text: `wall minus monotonic changed by ${step.value.toFixed(2)} ms` }];
    if (step.value > stepLimitMs) return { verdict: 'inconclusive', expected, measured, evidence, since: step.at };
    if (back && back.value > stepLimitMs) {
      const text = `stamps of one source went back by ${back.value.toFixed(2)} ms`;
      const lines = [{ at: back.at, text }];
      return { verdict: 'inconclusive', expected, measured: text, evidence: lines, since: back.at };
    }
    const { nodes, micros } = offsets.largestError;
    if (micros > tolerableError)
      return {
        verdict: 'inconclusive',
        expected: `clocks of nodes known to within ${inMs(tolerableError)}`,
        measured: `clocks of ${listed(nodes)} and of their requests known to within ${inMs(micros)}: read them over a faster way`,
      };
    if (largest > gapLimitMs) return { verdict: 'inconclusive', expected, measured };
    return { verdict: 'pass', expected, measured };
  },
};
