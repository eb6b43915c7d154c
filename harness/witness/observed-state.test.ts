import assert from 'node:assert/strict';
import type { RecordedEvent } from '../model/event.ts';
import { ObservedState } from './observed-state.ts';

const pod = (subject: string, type = 'added', namespace = 'shop'): RecordedEvent => ({
  at: 1,
  source: 'pod',
  type,
  subject,
  kind: 'Pod',
  namespace,
  name: 'web-1',
  data: {},
});

describe('the observed state', () => {
  it('holds objects by their names, and the UID that a name had last', () => {
    const observed = new ObservedState();
    observed.see(pod('one'));
    observed.see(pod('one', 'deleted'));
    assert.equal(observed.uidOf({ kind: 'Pod', namespace: 'shop', name: 'web-1' }), 'one');
    observed.see(pod('two'));
    assert.deepEqual([...observed.pods.keys()], ['web-1']);
    assert.deepEqual([...observed.gone.keys()], ['web-1']);
    assert.equal(observed.uidOf({ kind: 'Pod', namespace: 'shop', name: 'web-1' }), 'two');
    assert.equal(observed.uidOf({ kind: 'Pod', namespace: 'other', name: 'web-1' }), undefined);
    assert.equal(observed.uidOf({ kind: 'Node', name: 'web-1' }), undefined);
  });

  it('ignores events about another object with the name of a pod', () => {
    const observed = new ObservedState();
    const kubernetesEvent = (kind: string, reason: string): RecordedEvent => ({
      ...pod('x'),
      at: 5,
      source: 'k8s-event',
      kind,
      data: { reason, message: '', type: 'Warning' },
    });
    observed.see(kubernetesEvent('StatefulSet', 'FailedScheduling'));
    assert.equal(observed.hasEvent('web-1', 'FailedScheduling'), false);
    observed.see(kubernetesEvent('Pod', 'FailedScheduling'));
    assert.equal(observed.hasEvent('web-1', 'FailedScheduling'), true);
    assert.equal(observed.hasEvent('web-1', 'Evicted'), false);
    assert.equal(observed.hasEvent('web-1', 'FailedScheduling', 6), false);
  });
});
