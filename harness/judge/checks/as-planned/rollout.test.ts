import assert from 'node:assert/strict';
import { podEvent } from '../../../testing/worlds/one-of-each.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { replacedAsPlanned } from './rollout.ts';

const second = 1e6;

/** A rollout begins at 10 s. It replaces db-0 and db-1 one after the other by pods of the same names. */
function doubts(...oldPods: readonly string[]): string[] {
  const timeline = new Timeline();
  const pod = (at: number, name: string, revision: string, more: object = {}) =>
    timeline.see(podEvent(at * second, name, { revision, version: '', uid: `uid-of-${name}-${revision}`, ...more }));
  for (const name of ['db-0', 'db-1']) pod(1, name, 'old');
  pod(1, 'db-2', 'other');
  pod(2, 'db-2', 'other', { type: 'deleted' });
  for (const [at, name] of [
    [12, 'db-1'],
    [14, 'db-0'],
  ] as const) {
    pod(at, name, 'old', { type: 'deleted' });
    pod(at + 1, name, 'new', { type: 'added' });
  }
  const data = { fault: 'rollout', plan: { from: 'old', oldPods } };
  const intent = { at: 10 * second, id: 'update', step: 'intent', data };
  return replacedAsPlanned(intent, { timeline } as unknown as ArmEvidence).map(({ text }) => text);
}

describe('the pods that a rollout replaces', () => {
  it('are those that existed, also if the new pods have their names', () =>
    assert.deepEqual(doubts('db-0', 'db-1'), []));

  it('are all that existed', () =>
    assert.deepEqual(doubts('db-0'), ['update: db-1 existed, but was not to be replaced']));

  it('had the revision before the rollout, and existed', () => {
    const missing = (name: string) => `update: ${name} was to be replaced, but there was no such pod of revision old`;
    assert.deepEqual(doubts('db-0', 'db-1', 'db-2', 'db-3'), [missing('db-2'), missing('db-3')]);
  });
});
