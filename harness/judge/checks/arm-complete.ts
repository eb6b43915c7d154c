import { listed } from '../../model/number-words.ts';
import type { Check } from './check.ts';

/** The recorder went through every phase. If it gave up, the finding says why, and nothing else is judged. */
export const armComplete: Check = {
  id: 'arm-complete',
  ask({ timeline }) {
    const expected = 'every phase, from warm-up to the end of the tail, and all of it undone';
    const { broke } = timeline;
    if (broke) {
      const measured = `it broke: ${broke.message}`;
      return {
        verdict: 'error',
        expected,
        measured,
        evidence: [{ at: broke.at, text: broke.message }],
        since: broke.at,
      };
    }
    const { unmeasurable } = timeline;
    if (unmeasurable) {
      const measured = `it ended before the fault, because its machine could not measure: ${unmeasurable.why}`;
      return { verdict: 'inconclusive', expected, measured, since: unmeasurable.at };
    }
    const missing = timeline.phases.missing();
    if (missing.length === 0) return { verdict: 'pass', expected, measured: 'every phase' };
    return { verdict: 'inconclusive', expected, measured: `no mark of ${listed(missing)}`, since: timeline.last };
  },
};
