import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { Uids } from './uids.ts';

const pod = (name: string, subject: string, type = 'modified'): RecordedEvent => ({
  at: 1,
  source: 'pod',
  type,
  subject,
  kind: 'Pod',
  name,
  data: {},
});
const said = (kind: string, name: string, subject: string): RecordedEvent => ({
  ...pod(name, subject, 'added'),
  source: 'k8s-event',
  kind,
});
const slice = (name: string, uid: string): RecordedEvent => ({
  ...pod('web-x', 'uid-of-the-slice'),
  source: 'endpointslice',
  kind: 'EndpointSlice',
  data: { endpoints: [{ pod: name, uid }] } as unknown as Json,
});

const uidsOf = (...events: readonly RecordedEvent[]): Uids => {
  const uids = new Uids();
  for (const event of events) uids.see(event);
  return uids;
};
const told = (...events: readonly RecordedEvent[]) =>
  uidsOf(...events)
    .contradictions()
    .map(({ text }) => text);

describe('UIDs', () => {
  it('are known of pods from the pod watch only', () => {
    const uids = uidsOf(pod('web-1', 'one'), said('Pod', 'k6', 'two'), slice('web-1', 'one'), pod('web-2', 'web-2'));
    assert.deepEqual(uids.ofPods, ['one']);
    assert.deepEqual(uids.contradictions(), []);
  });

  it('are known of pods outside the namespace of the arm from Kubernetes events', () => {
    const inside = { ...said('Pod', 'web-1', 'one'), namespace: 'arm' };
    const outside = { ...said('Pod', 'generator-fresh', 'two'), namespace: 'arm-helpers' };
    const others = [
      { ...said('Node', 'w1', 'three'), namespace: 'default' },
      { ...pod('web-2', 'four'), namespace: 'other' },
      said('Pod', 'k6', 'five'),
    ];
    assert.deepEqual(uidsOf(inside, outside, ...others).ofPodsOutside('arm'), ['two']);
  });

  it('may differ between pods with the same name, one after another', () => {
    const first = [pod('web-1', 'one', 'added'), slice('web-1', 'one'), pod('web-1', 'one', 'deleted')];
    assert.deepEqual(told(...first, pod('web-1', 'two', 'added'), slice('web-1', 'two')), []);
    // Kubernetes keeps events about earlier pods for an hour.
    assert.deepEqual(told(said('Pod', 'web-1', 'earlier'), ...first), []);
    assert.deepEqual(told(said('Node', 'w1', 'w1'), said('Pod', 'w1', 'w1')), []);
  });

  it('belong to one object each', () => {
    assert.match(told(pod('web-1', 'one'), pod('web-2', 'one'))[0] ?? '', /^one is the UID of Pod web-1 .*Pod web-2/);
    assert.match(told(pod('web-1', 'one'), said('Node', 'web-1', 'one'))[0] ?? '', /Pod web-1 .*Node web-1/);
    assert.match(
      told(pod('web-1', 'one'), pod('web-2', 'two'), slice('web-1', 'two'))[0] ?? '',
      /Pod web-2 .*Pod web-1/,
    );
  });

  it('are doubted if two pods with the same name exist at the same time', () => {
    assert.deepEqual(told(pod('web-1', 'one'), pod('web-1', 'two')), [
      'two pods web-1 exist at the same time: one and two',
    ]);
  });

  it('of endpoints are those that the pod watch reported', () => {
    assert.deepEqual(told(pod('web-1', 'one'), slice('web-1', 'two')), [
      'an endpoint of web-1 has the UID two, which the pod watch never reported',
    ]);
    // A pod that no watch reported is found by another check, and an endpoint may name no pod.
    assert.deepEqual(told(slice('web-1', 'two'), pod('web-2', 'x'), slice('web-2', '')), []);
  });

  it('yield a limited number of doubts', () => {
    const many = Array.from({ length: 100 }, (_, index) => pod('web-1', `uid-${index}`));
    assert.equal(told(...many).length, 20);
  });
});
