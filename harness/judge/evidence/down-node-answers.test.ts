import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../model/event.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import { answered, eventOf, podEvent } from '../../testing/worlds/one-of-each.ts';
import { Timeline } from '../timeline/timeline.ts';
import { DownNodeAnswers } from './down-node-answers.ts';

const second = 1_000_000;
const phases = {
  warmup: { from: 0, to: 5 * second },
  baseline: { from: 5 * second, to: 10 * second },
  fault: { from: 10 * second, to: 30 * second },
  tail: { from: 30 * second, to: 40 * second },
};

const engine = (at: Micros, state: 'exited' | 'running' | 'paused') => eventOf(at, 'container', 'die', 'w1', { state });

const answer = (name: string, end: Micros, more: Partial<Request> = {}) => answered({ pod: name, end, ...more });

function foldOf(events: readonly RecordedEvent[], rows: readonly Request[]): DownNodeAnswers {
  const timeline = new Timeline();
  for (const each of events) timeline.see(each);
  const fold = new DownNodeAnswers(timeline, phases);
  for (const row of rows) fold.see(row);
  return fold;
}

describe('the answers of a pod whose node is down', () => {
  const off = [podEvent(second, 'web'), engine(12 * second, 'exited')];
  const during = (events: readonly RecordedEvent[], ...ends: Micros[]) =>
    foldOf(
      events,
      ends.map((end) => answer('web', end)),
    ).byPod.get('web')?.count ?? 0;

  it('are counted, and the first one is kept', () => {
    const fold = foldOf(off, [answer('web', 13 * second, { id: 'fresh-7' }), answer('web', 14 * second)]);
    assert.equal(fold.byPod.get('web')?.count, 2);
    assert.equal(fold.byPod.get('web')?.first.id, 'fresh-7');
    assert.equal(fold.byPod.get('web')?.node, 'w1');
  });

  it('do not include answers within the difference of the clocks', () =>
    assert.equal(during(off, 12 * second - 1000, 12 * second + 40_000), 0));

  it('do not include answers shortly before the engine reports, late, that the node runs again', () => {
    const again = [...off, engine(20 * second, 'running')];
    assert.equal(during(again, 19.5 * second, 21 * second), 0);
    assert.equal(during(again, 18 * second), 1);
  });

  it('do not include those of a frozen node', () =>
    assert.equal(during([podEvent(second, 'web'), engine(12 * second, 'paused')], 13 * second), 1));

  it('include only judged phases, and only the pod that had the name at that time', () => {
    const before = off.map((each) => ({ ...each, at: each.at - second }));
    assert.equal(during([podEvent(second, 'web'), engine(2 * second, 'exited')], 4 * second, 41 * second), 0);
    const another = podEvent(14 * second, 'web', { node: 'w2', type: 'added', uid: 'another' });
    assert.equal(during([...before, another], 13 * second, 15 * second, 16 * second), 1);
  });
});
