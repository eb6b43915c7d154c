import assert from 'node:assert/strict';
import type { RecordedEvent, SliceState } from '../../model/event.ts';
import { parseEvent } from '../event-schema.ts';
import { PodUids, upgradeEvent } from './events.ts';

const second = 1e6;
const older = (source: string, subject: string, data: object, at = second, type = 'modified') => ({
  at,
  source,
  type,
  subject,
  data,
});

const podState = {
  node: 'w1',
  ip: '10.244.0.10',
  phase: 'Running',
  ready: true,
  version: '1',
  terminating: false,
  graceSeconds: null,
};
const container = { name: 'server', ready: true, restartCount: 0, state: 'running', reason: '', exitCode: null };

const pod = (at: number, name: string, uid: string, more: object = {}, type = 'modified') =>
  older('pod', name, { uid, ...podState, containers: [], ...more }, at * second, type);

const slice = (at: number, ...endpoints: readonly (readonly [pod: string, ip: string])[]) =>
  older(
    'endpointslice',
    'web-x',
    {
      service: 'web',
      endpoints: endpoints.map(([name, ip]) => ({
        ip,
        pod: name,
        node: 'w1',
        ready: true,
        serving: true,
        terminating: false,
      })),
    },
    at * second,
  );

const parsed = (...lines: readonly object[]): RecordedEvent[] =>
  lines.map((line) => {
    const event = parseEvent(upgradeEvent(line));
    assert.ok(event, JSON.stringify(line));
    return event;
  });

/** The events as the reader returns them. */
function upgraded(...lines: readonly object[]): readonly RecordedEvent[] {
  const uids = new PodUids();
  return [...uids.next(parsed(...lines)), ...uids.end()];
}

const sliceOf = ({ data }: RecordedEvent) => data as unknown as SliceState;
const uidsOf = (event: RecordedEvent): string[] => sliceOf(event).endpoints.map(({ uid }) => uid);

describe('upgraded events/1', () => {
  it('have the UID of a pod as their subject, and also its names', () => {
    const [event] = parsed(pod(1, 'web-1', 'uid-1'));
    assert.deepEqual([event?.subject, event?.kind, event?.name], ['uid-1', 'Pod', 'web-1']);
    assert.deepEqual(event?.data, { revision: '1', ...podState, containers: [] });
  });

  it('have defaults for fields that older recorders did not record', () => {
    const [event] = parsed(pod(1, 'web-1', 'uid-1', { containers: [container] }));
    assert.deepEqual(event?.data, { revision: '1', ...podState, containers: [{ ...container, ended: null }] });
    const [node] = parsed(older('node', 'w1', { ready: 'True', unschedulable: false, taints: [] }));
    assert.deepEqual(node?.data, {
      ready: 'True',
      unschedulable: false,
      taints: [],
      conditions: [],
      zone: '',
      rack: '',
    });
    const [four, six] = parsed(slice(1, ['web-1', '10.0.0.1']), slice(1, ['web-1', 'fd00::1']));
    assert.deepEqual(
      [four, six].map((each) => each && sliceOf(each).addressType),
      ['IPv4', 'IPv6'],
    );
  });

  it('name the object of a Kubernetes event', () => {
    const said = { kind: 'ReplicaSet', reason: 'Killing', message: '', type: 'Normal' };
    const [event] = parsed(older('k8s-event', 'web-1', said, second, 'added'));
    assert.deepEqual([event?.subject, event?.kind, event?.name], ['web-1', 'ReplicaSet', 'web-1']);
    assert.deepEqual(event?.data, { reason: 'Killing', message: '', type: 'Normal' });
  });

  it('have no object if they are about none', () => {
    const dependency = older('reach', 'dependency', { answered: true, ms: 3 });
    const all = parsed(
      older('phase', 'treatment', {}),
      older('container', 'w1', { state: 'exited', exitCode: 1 }),
      dependency,
    );
    assert.deepEqual(
      all.map(({ subject, kind, name }) => [subject, kind, name]),
      [
        ['treatment', undefined, undefined],
        ['w1', undefined, undefined],
        ['dependency', undefined, undefined],
      ],
    );
  });

  it('cannot be lines of events/2', () => {
    assert.equal(upgradeEvent({ ...older('pod', 'uid-1', podState), kind: 'Pod', name: 'web-1' }), undefined);
    assert.equal(upgradeEvent(older('pod', 'web-1', podState)), undefined);
    for (const value of [
      null,
      [],
      'text',
      {},
      { source: 7, subject: 'x' },
      { source: 'pod', subject: 'x', data: null },
    ])
      assert.equal(parseEvent(upgradeEvent(value)), undefined);
  });

  it('get the UID of the pod that had the name last, or has it soon', () => {
    const answer = { disruption: 'drain', node: 'w1', code: 201, message: '' };
    const said = { kind: 'Pod', reason: 'Scheduled', message: '', type: 'Normal' };
    const events = upgraded(
      older('k8s-event', 'web-1', said, 0.5 * second, 'added'),
      pod(1, 'web-1', 'one'),
      pod(2, 'web-1', 'one', {}, 'deleted'),
      older('eviction', 'web-1', answer, 2.5 * second, 'answer'),
      pod(3, 'web-1', 'two'),
      older('reach', 'web-1', { answered: true, ms: 1 }, 4 * second, 'answer'),
      older('k8s-event', 'other', said, 5 * second, 'added'),
    );
    assert.deepEqual(
      events.filter(({ source }) => source !== 'pod').map(({ subject }) => subject),
      ['one', 'one', 'two', 'other'],
    );
  });

  it('get the UID of the pod of an endpoint by its address, also before the pod watch reports the pod', () => {
    const events = upgraded(
      slice(0.9, ['web-0', '10.244.0.10']),
      pod(1, 'web-0', 'one'),
      pod(10, 'web-0', 'one', { terminating: true }),
      slice(10.6, ['web-0', '10.244.0.11']),
      pod(10.8, 'web-0', 'one', {}, 'deleted'),
      pod(10.9, 'web-0', 'two', { ip: '10.244.0.11' }),
      slice(11, ['web-0', '10.244.0.10'], ['web-0', '10.244.0.11'], ['stranger', '10.244.0.12']),
    );
    assert.deepEqual(events.filter(({ source }) => source === 'endpointslice').map(uidsOf), [
      ['one'],
      ['two'],
      ['one', 'two', ''],
    ]);
  });

  it('are returned in their order, without unnecessary delay', () => {
    const uids = new PodUids();
    const many = parsed(...Array.from({ length: 20 }, (_, index) => pod(index, `web-${index}`, `uid-${index}`)));
    const early = uids.next(many);
    assert.ok(early.length >= 14, `${early.length} of 20 were handed out`);
    assert.deepEqual([...early, ...uids.end()], many);
    assert.deepEqual(uids.end(), []);
  });

  it('are not delayed by a clock that was set back', () => {
    const uids = new PodUids();
    const [late, ...early] = parsed(pod(100, 'web-1', 'uid-1'), pod(1, 'web-1', 'uid-1'), pod(2, 'web-1', 'uid-1'));
    assert.ok(late);
    assert.deepEqual(uids.next([late]), []);
    uids.next(parsed(pod(106, 'web-1', 'uid-1')));
    assert.deepEqual(uids.next(early), []);
    assert.equal(uids.next(parsed(pod(112, 'web-1', 'uid-1'))).length, 3);
    assert.deepEqual(uids.next([]), []);
  });

  it('are delayed only up to a limited number', () => {
    const uids = new PodUids();
    const [event] = parsed(pod(1, 'web-1', 'uid-1'));
    assert.ok(event);
    assert.equal(uids.next(Array.from({ length: 25_000 }, () => event)).length, 15_000);
  });
});
