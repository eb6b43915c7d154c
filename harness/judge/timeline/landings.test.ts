import assert from 'node:assert/strict';
import type { EventSource } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { Landings } from './landings.ts';

type Event = readonly [source: EventSource, type: string, subject: string, data?: Json];

const injected: Event = ['fault', 'intent', 'cut', { fault: 'node-kill', plan: { nodes: [{ name: 'w1' }] } }];
const off: readonly Event[] = [
  ['container', 'die', 'w1', { state: 'exited', exitCode: 137 }],
  ['node', 'modified', 'w1', { ready: 'Unknown', unschedulable: false, taints: [], conditions: [] }],
];

/** What the witness saw of a node that loses power, in a recording with these events, one a second. */
function landed(...events: readonly Event[]): string | undefined {
  const landings = new Landings();
  for (const [index, [source, type, subject, data = null]] of events.entries())
    landings.see({ at: index * 1e6, source, type, subject, data });
  return landings.of('cut')?.landed?.saw;
}

describe('a fault took effect', () => {
  it('if its witness saw that after the injection', () => {
    assert.equal(landed(injected, ...off), 'w1 off, and not Ready');
    assert.equal(landed(...off, injected), undefined);
  });

  it('not if its witness saw it only in the tail, when the arm is removed, or after the fault was undone', () => {
    assert.equal(landed(injected, ['phase', 'fault', ''], ...off), 'w1 off, and not Ready');
    assert.equal(landed(injected, ['phase', 'tail', ''], ...off), undefined);
    assert.equal(landed(injected, ['fault', 'healed', 'cut'], ...off), undefined);
  });
});
