import assert from 'node:assert/strict';
import type { RecordedEvent } from '../model/event.ts';
import { World } from './observed-state.ts';

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

describe('what observers saw', () => {
  it('is of objects by their names, and tells the UID that a name had last', () => {
    const world = new World();
    world.see(pod('one'));
    world.see(pod('one', 'deleted'));
    assert.equal(world.uidOf({ kind: 'Pod', namespace: 'shop', name: 'web-1' }), 'one');
    world.see(pod('two'));
    assert.deepEqual([...world.pods.keys()], ['web-1']);
    assert.deepEqual([...world.gone.keys()], ['web-1']);
    assert.equal(world.uidOf({ kind: 'Pod', namespace: 'shop', name: 'web-1' }), 'two');
    assert.equal(world.uidOf({ kind: 'Pod', namespace: 'other', name: 'web-1' }), undefined);
    assert.equal(world.uidOf({ kind: 'Node', name: 'web-1' }), undefined);
  });

  it('is not what Kubernetes said of another object of a pod’s name', () => {
    const world = new World();
    const said = (kind: string, reason: string): RecordedEvent => ({
      ...pod('x'),
      at: 5,
      source: 'k8s-event',
      kind,
      data: { reason, message: '', type: 'Warning' },
    });
    world.see(said('StatefulSet', 'FailedScheduling'));
    assert.equal(world.saidOf('web-1', 'FailedScheduling'), false);
    world.see(said('Pod', 'FailedScheduling'));
    assert.equal(world.saidOf('web-1', 'FailedScheduling'), true);
    assert.equal(world.saidOf('web-1', 'Evicted'), false);
    assert.equal(world.saidOf('web-1', 'FailedScheduling', 6), false);
  });
});
