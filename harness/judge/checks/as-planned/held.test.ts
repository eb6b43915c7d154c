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

/**
 * The doubts about a drain that landed after 1 s and was undone at `undoneMs`. The other fault was healed at `otherMs`.
 */
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

describe('a fault that lasts until an event of another disruption', () => {
  it('may be undone after that event and its delay', () => assert.deepEqual(doubts(6000, 5000), []));

  it('may not be undone before', () => {
    const says = ['drain was undone before 1.00 s had passed since off was undone'];
    assert.deepEqual(doubts(5500, 5000), says);
    assert.deepEqual(doubts(4000, 5000), says);
  });

  it('is doubted if the event never happened', () =>
    assert.deepEqual(doubts(6000, undefined), [
      'drain was undone, but the event that it was to last until never happened',
    ]));
});
