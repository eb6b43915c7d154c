import assert from 'node:assert/strict';
import type { Disruption } from '../../../model/experiment.ts';
import { msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { heldAsPlanned } from './disruptions.ts';

const until = { after: 'off', event: 'healed', delayMs: 1000 } as const;
const drain: Disruption = {
  id: 'drain',
  when: { atMs: 0 },
  fault: { name: 'drain', params: {} },
  until,
  limitMs: 9000,
};

/** What is said of a drain that landed after a second and was undone then, where the other was healed then. */
function doubts(undoneMs: number, otherMs: number | undefined): string[] {
  const timeline = new Timeline();
  const see = (subject: string, type: string, ms: number) =>
    timeline.see({ at: msToMicros(ms), source: 'fault', type, subject, data: {} });
  see('drain', 'landed', 1000);
  if (otherMs !== undefined) see('off', 'healed', otherMs);
  see('drain', 'healed', undoneMs);
  const own = timeline.faults.filter(({ id }) => id === 'drain');
  return heldAsPlanned(drain, own, { timeline } as unknown as ArmEvidence).map(({ text }) => text);
}

describe('a fault that lasts until an event of another', () => {
  it('was undone then', () => assert.deepEqual(doubts(6000, 5000), []));

  it('was not undone before', () => {
    const says = ['drain was undone before 1.00 s had passed since off was undone'];
    assert.deepEqual(doubts(5500, 5000), says);
    assert.deepEqual(doubts(4000, 5000), says);
  });

  it('is doubted where that never came', () =>
    assert.deepEqual(doubts(6000, undefined), ['drain was undone, and what it was to last until never came']));
});
