import assert from 'node:assert/strict';
import type { OwnerState, PodState, RecordedEvent } from '../model/event.ts';
import type { Json } from '../model/units.ts';
import { ObservedState } from './observed-state.ts';
import { badVersionStands, rolledOut, rolledOutOrStuck, type StuckPlan } from './rollout.ts';
import type { Witness } from './witness.ts';

const owner = { kind: 'Deployment', name: 'web' } as const;
const plan = { owner, generation: 1, from: '6d5f', oldPods: ['web-1', 'web-2'] };
/** The rollout begins at 10. */
const injection = { id: 'update', since: 10 };
const complete: OwnerState = {
  generation: 2,
  observedGeneration: 2,
  desired: 2,
  replicas: 2,
  updated: 2,
  ready: 2,
  available: 2,
};
const fresh = { revision: '7c4b', phase: 'Running', ready: true, terminating: false };

class Told {
  readonly observed = new ObservedState();

  deployment(state: Partial<OwnerState> = {}) {
    return this.#see({
      at: 12,
      source: 'deployment',
      type: 'modified',
      subject: 'web',
      data: { ...complete, ...state },
    });
  }

  pod(name: string, state: Partial<PodState> = {}, at = 12, type = 'added') {
    return this.#see({ at, source: 'pod', type, subject: name, data: { ...fresh, ...state } as unknown as Json });
  }

  gone(name: string, at = 12) {
    return this.pod(name, {}, at, 'deleted');
  }

  event(pod: string, reason: string, at = 12) {
    const data = { reason, message: '', type: 'Warning' };
    return this.#see({ at, source: 'k8s-event', type: 'added', subject: pod, kind: 'Pod', name: pod, data });
  }

  #see(event: RecordedEvent) {
    this.observed.see(event);
    return this;
  }
}

/** A rollout of a Deployment that is complete. */
const replaced = () => new Told().deployment().gone('web-1').gone('web-2').pod('web-3').pod('web-4');

const waiting = ({ observed }: Told, witness: Witness<StuckPlan> = rolledOut, of: Partial<StuckPlan> = {}) => {
  const answer = witness(observed, { ...plan, timeLimitMs: 1, ...of }, injection);
  return 'waitingFor' in answer ? answer.waitingFor : 'nothing';
};

describe('a rollout has landed', () => {
  const saw = (told: Told, of: Partial<StuckPlan> = {}) => rolledOut(told.observed, { ...plan, ...of }, injection);

  it('when every pod is new and ready and the old ones are gone', () => {
    assert.deepEqual(saw(replaced()), { saw: 'all 2 pods of revision 6d5f replaced by 2 of revision 7c4b' });
  });

  it('also if the revisions are unknown', () => {
    const told = new Told().deployment().gone('web-1').gone('web-2');
    told.pod('web-3', { revision: '' }).pod('web-4', { revision: '' });
    assert.deepEqual(saw(told, { from: '' }), { saw: 'all 2 pods replaced by 2' });
    assert.deepEqual(saw(told.pod('web-4', { revision: '7c4b' })), {
      saw: 'all 2 pods of revision 6d5f replaced by 2',
    });
  });

  it('also if an old pod went between the plan and the begin of the rollout', () => {
    const told = new Told().deployment().gone('web-1', 9).gone('web-2').pod('web-3').pod('web-4');
    assert.ok('saw' in saw(told));
  });

  it('not before the controller has observed it', () => {
    assert.match(waiting(new Told()), /controller/);
    assert.match(waiting(replaced().deployment({ observedGeneration: 1 })), /controller/);
  });

  it('only if its own owner changed, and not one of another kind with the same name', () => {
    const other = { ...plan, owner: { kind: 'StatefulSet', name: 'web' } } as const;
    const answer = rolledOut(replaced().observed, other, injection);
    assert.match('waitingFor' in answer ? answer.waitingFor : '', /controller/);
  });

  it('not while pods are missing, or old ones are not gone', () => {
    const says = '1 of 2 pods to be made from the new template';
    assert.equal(waiting(replaced().deployment({ updated: 1 })), says);
    assert.equal(waiting(replaced().deployment({ available: 1 })), '1 of 2 to be available');
    assert.equal(waiting(new Told().deployment().gone('web-1').pod('web-3').pod('web-4')), 'web-2 to be gone');
    assert.equal(waiting(replaced().pod('web-4', { ready: false })), '1 of 2 new pods to be ready');
    assert.equal(waiting(replaced().pod('web-4', { terminating: true })), '1 of 2 new pods to be ready');
  });

  it('not while pods of an earlier revision are left, which are not in the plan', () => {
    const told = replaced().pod('web-0', { revision: '5a5a' });
    assert.equal(waiting(told.deployment({ replicas: 3 })), '1 pod of other templates to be removed');
  });

  describe('if new pods have the names of old ones, as in a StatefulSet,', () => {
    const stood = () =>
      new Told().deployment().pod('web-1', { revision: '6d5f' }, 1).pod('web-2', { revision: '6d5f' }, 1);

    it('when each was deleted and created again', () => {
      const told = stood().gone('web-2').pod('web-2', {}, 13).gone('web-1', 14).pod('web-1', {}, 15);
      assert.deepEqual(saw(told), { saw: 'all 2 pods of revision 6d5f replaced by 2 of revision 7c4b' });
    });

    it('not while an old one is left, also if it was created again before the rollout', () => {
      assert.equal(waiting(stood().gone('web-2').pod('web-2', {}, 13)), 'web-1 to be gone');
      const before = stood().gone('web-1', 5).pod('web-1', {}, 6);
      assert.equal(waiting(before.gone('web-2').pod('web-2', {}, 13)), 'web-1 to be gone');
    });

    it('not while one was not created again', () =>
      assert.equal(
        waiting(stood().gone('web-2').pod('web-2', {}, 13).gone('web-1', 14)),
        '1 of 2 new pods to be ready',
      ));
  });
});

describe('a rollout that must not complete', () => {
  const old = () => new Told().deployment({ updated: 1 }).pod('web-1').pod('web-2');
  const of = { finishes: false };
  const pending = { phase: 'Pending', node: '', ready: false };

  it('has landed when a new pod was unschedulable until the time limit, and the old pods are there', () => {
    const told = old().pod('web-3', pending).event('web-3', 'FailedScheduling').deployment({ updated: 1 });
    assert.equal(waiting(told, rolledOutOrStuck, of), 'its time limit');
    told.pod('web-3', pending, 2000, 'modified');
    assert.deepEqual(rolledOutOrStuck(told.observed, { ...plan, ...of, timeLimitMs: 1 }, injection), {
      saw: 'stuck: 1 new pod could not be scheduled, and all 2 old pods are still there',
    });
  });

  it('has not landed because an old pod is unschedulable, or if one is gone', () => {
    assert.match(
      waiting(old().pod('web-2', pending).event('web-2', 'FailedScheduling'), rolledOutOrStuck, of),
      /a new pod to be unschedulable/,
    );
    const told = old().pod('web-3', pending).event('web-3', 'FailedScheduling').gone('web-1');
    assert.match(waiting(told, rolledOutOrStuck, of), /every old pod to stay; gone: web-1/);
  });
});

describe('a bad version stands', () => {
  const stands = ({ observed }: Told) => badVersionStands(observed, { ...plan, probed: true }, injection);
  const unready = { ready: false };

  it('when a new pod runs and fails its readiness probe', () => {
    const told = new Told().deployment().pod('web-1').pod('web-3', unready).event('web-3', 'Unhealthy');
    assert.deepEqual(stands(told), { saw: 'web-3 of revision 7c4b runs, and fails its readiness probe' });
  });

  it('not because an old pod fails its probe', () => {
    const told = new Told().deployment().pod('web-1', unready).event('web-1', 'Unhealthy');
    assert.deepEqual(stands(told), { waitingFor: 'a new pod to fail its readiness probe' });
  });
});
