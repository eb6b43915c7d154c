import assert from 'node:assert/strict';
import type { PodState, RecordedEvent } from '../../model/event.ts';
import type { Request } from '../../model/request.ts';
import type { Json, Micros } from '../../model/units.ts';
import { Timeline } from '../timeline/timeline.ts';
import { ExposureFold } from './exposure-fold.ts';

const second = 1_000_000;
const phases = {
  warmup: { from: 0, to: 5 * second },
  baseline: { from: 5 * second, to: 10 * second },
  fault: { from: 10 * second, to: 30 * second },
  tail: { from: 30 * second, to: 40 * second },
};

const event = (at: Micros, source: RecordedEvent['source'], type: string, subject: string, data: object) =>
  ({ at, source, type, subject, data: data as Json }) satisfies RecordedEvent;

const pod = (
  at: Micros,
  name: string,
  { uid = `uid-${name}`, ...more }: Partial<PodState> & { readonly uid?: string } = {},
  type = 'modified',
) => ({
  ...event(at, 'pod', type, uid, {
    node: 'w1',
    ip: '10.244.0.1',
    phase: 'Running',
    ready: true,
    version: '1',
    terminating: false,
    graceSeconds: null,
    containers: [],
    ...more,
  }),
  kind: 'Pod',
  name,
});

const answer = (name: string, end: Micros, more: Partial<Request> = {}): Request => ({
  gen: 'fresh',
  conn: 'fresh',
  seq: 1,
  id: 'fresh-1',
  due: end - 2000,
  start: end - 2000,
  end,
  code: 0,
  err: '',
  status: 200,
  reused: false,
  attempt: 1,
  connection: 0,
  source: '10.244.1.5',
  protocol: 'HTTP/1.1',
  podBy: 'header',
  sport: 4711,
  dst: '10.96.0.1:80',
  pod: name,
  node: 'w1',
  version: '1',
  ...more,
});

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
    const fold = foldOf([pod(second, 'web')], rows, 15 * second);
    const [web] = fold.taken;
    assert.ok(web);
    assert.equal(fold.served(web.pod, 'fresh').answers, 2);
    assert.equal(fold.served(web.pod, 'kept-alive').answers, 0);
  });

  it('are the kept-alive connections whose last turn was before the pod was disrupted', () => {
    const kept = (at: Micros, sport: number) => answer('web', at, { conn: 'kept-alive', reused: true, sport });
    const rows = [kept(9 * second, 1), kept(14 * second, 2), kept(14.5 * second, 2), kept(15.5 * second, 3)];
    const fold = foldOf([pod(second, 'web')], rows, 15 * second);
    const [web] = fold.taken;
    assert.ok(web);
    assert.deepEqual([...fold.served(web.pod, 'kept-alive').ports], [2]);
  });

  it('is separated from the traffic of the next pod with the same name', () => {
    const events = [
      pod(second, 'web', { uid: 'one' }),
      pod(11 * second, 'web', { uid: 'one', terminating: true }, 'deleted'),
      pod(12 * second, 'web', { uid: 'two' }),
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
