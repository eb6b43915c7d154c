import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../model/event.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import { answered, podEvent } from '../../testing/worlds/one-of-each.ts';
import { Timeline } from '../timeline/timeline.ts';
import { ExposureFold } from './exposure-fold.ts';

const second = 1_000_000;
const phases = {
  warmup: { from: 0, to: 5 * second },
  baseline: { from: 5 * second, to: 10 * second },
  fault: { from: 10 * second, to: 30 * second },
  tail: { from: 30 * second, to: 40 * second },
};

const answer = (name: string, end: Micros, more: Partial<Request> = {}) => answered({ pod: name, end, ...more });

function foldOf(events: readonly RecordedEvent[], rows: readonly Request[], takenAt?: Micros): ExposureFold {
  const timeline = new Timeline();
  for (const each of events) timeline.see(each);
  const taken = takenAt === undefined ? [] : [...timeline.pods.values()].map((each) => ({ pod: each, at: takenAt }));
  const fold = new ExposureFold({ phases, timeline, taken, turn: 2 * second });
  for (const row of rows) fold.see(row);
  return fold;
}

describe('the traffic that a pod got', () => {
  it('are the answers of judged phases until the pod is disrupted', () => {
    const rows = [4, 6, 12, 16].map((at) => answer('web', at * second));
    const fold = foldOf([podEvent(second, 'web')], rows, 15 * second);
    const [web] = fold.taken;
    assert.ok(web);
    assert.equal(fold.served(web.pod, 'fresh').answers, 2);
    assert.equal(fold.served(web.pod, 'kept-alive').answers, 0);
  });

  it('are the kept-alive connections whose last turn was before the pod was disrupted', () => {
    const kept = (at: Micros, sport: number) => answer('web', at, { conn: 'kept-alive', reused: true, sport });
    const rows = [kept(9 * second, 1), kept(14 * second, 2), kept(14.5 * second, 2), kept(15.5 * second, 3)];
    const fold = foldOf([podEvent(second, 'web')], rows, 15 * second);
    const [web] = fold.taken;
    assert.ok(web);
    assert.deepEqual([...fold.served(web.pod, 'kept-alive').ports], [2]);
  });

  it('is separated from the traffic of the next pod with the same name', () => {
    const events = [
      podEvent(second, 'web', { uid: 'one' }),
      podEvent(11 * second, 'web', { uid: 'one', terminating: true, type: 'deleted' }),
      podEvent(12 * second, 'web', { uid: 'two' }),
    ];
    const fold = foldOf(
      events,
      [answer('web', 7 * second), answer('web', 13 * second), answer('web', 14 * second)],
      20 * second,
    );
    const answers = fold.taken.map(({ pod: each }) => fold.served(each, 'fresh').answers);
    assert.deepEqual(answers, [1, 2]);
  });
});
