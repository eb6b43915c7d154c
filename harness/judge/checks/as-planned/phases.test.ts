import assert from 'node:assert/strict';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { phasesAsPlanned } from './phases.ts';

const plan = { name: 'treatment', phases: { warmupMs: 2000, baselineMs: 3000, quietMs: 4000, tailMs: 2500 } };
const starts = { deploy: 0, warmup: 10, baseline: 12, fault: 15, tail: 20, end: 23, undone: 24 };

/** What differs from the plan if these phases begin at other seconds, with these steps of a disruption. */
function differ(other: Partial<typeof starts> = {}, ...steps: readonly (readonly [step: string, at: number])[]) {
  const timeline = new Timeline();
  for (const [name, second] of Object.entries({ ...starts, ...other }))
    timeline.see({ at: second * 1e6, source: 'phase', type: name, subject: plan.name, data: null });
  for (const [type, second] of steps)
    timeline.see({ at: second * 1e6, source: 'fault', type, subject: 'update', data: null });
  return phasesAsPlanned({ plan, timeline } as unknown as ArmEvidence).map(({ text }) => text);
}

describe('the phases of an arm', () => {
  it('begin in order and last as long as planned', () => {
    assert.deepEqual(differ(), []);
    assert.deepEqual(differ({ warmup: 13 }), ['baseline began 1.00 s before warmup']);
    assert.deepEqual(differ({ fault: 13.5 }), ['baseline lasted 1.50 s of 3.00 s that were planned']);
  });

  it('may be shorter by a second, because the clock may have been set back', () =>
    assert.deepEqual(differ({ fault: 14.1 }), []));

  it('contain each step of a disruption in the fault phase', () => {
    assert.deepEqual(differ({}, ['intent', 15], ['healed', 20]), []);
    assert.deepEqual(differ({}, ['intent', 14.9], ['healed', 20.1]), [
      'the intent of update lies outside of the fault phase',
      'the healed of update lies outside of the fault phase',
    ]);
  });
});
