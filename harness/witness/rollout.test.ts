import assert from 'node:assert/strict';
import type { OwnerState } from '../model/event.ts';
import { ObservedState } from './observed-state.ts';
import { rolledOut } from './rollout.ts';

const owner = { kind: 'Deployment', name: 'web' } as const;
const plan = { owner, generation: 1, from: '1', to: '2', oldPods: ['web-1', 'web-2'] };
const injection = { id: 'update', since: 1 };
const complete: OwnerState = {
  generation: 2,
  observedGeneration: 2,
  desired: 2,
  replicas: 2,
  updated: 2,
  ready: 2,
  available: 2,
};

const worldWith = (state: OwnerState | undefined, { gone = [], fresh = [] }: { gone?: string[]; fresh?: string[] }) => {
  const observed = new ObservedState();
  if (state) observed.see({ at: 1, source: 'deployment', type: 'modified', subject: 'web', data: { ...state } });
  const pods = { version: '2', ready: true };
  for (const pod of fresh) observed.see({ at: 1, source: 'pod', type: 'added', subject: pod, data: { ...pods } });
  for (const pod of gone) observed.see({ at: 1, source: 'pod', type: 'deleted', subject: pod, data: {} });
  return observed;
};

describe('a rollout has landed', () => {
  const waiting = (observed: ObservedState) => {
    const answer = rolledOut(observed, plan, injection);
    return 'waitingFor' in answer ? answer.waitingFor : 'nothing';
  };
  const replaced = { gone: ['web-1', 'web-2'], fresh: ['web-3', 'web-4'] };

  it('when every pod is new and ready and the old ones are gone', () =>
    assert.deepEqual(rolledOut(worldWith(complete, replaced), plan, injection), {
      saw: 'all 2 pods of version 1 replaced by 2 of version 2',
    }));

  it('not before the controller has observed it', () => {
    assert.match(waiting(worldWith(undefined, {})), /controller/);
    assert.match(waiting(worldWith({ ...complete, observedGeneration: 1 }, replaced)), /controller/);
  });

  it('only if its own owner changed, and not one of another kind with the same name', () => {
    const other = { ...plan, owner: { kind: 'StatefulSet', name: 'web' } } as const;
    const answer = rolledOut(worldWith(complete, replaced), other, injection);
    assert.match('waitingFor' in answer ? answer.waitingFor : '', /controller/);
  });

  it('not while pods are missing, or old ones are not gone', () => {
    assert.equal(waiting(worldWith({ ...complete, updated: 1 }, replaced)), '1 of 2 pods to be version 2');
    assert.equal(waiting(worldWith({ ...complete, available: 1 }, replaced)), '1 of 2 to be available');
    assert.equal(waiting(worldWith(complete, { ...replaced, gone: ['web-1'] })), 'web-2 to be gone');
    assert.equal(waiting(worldWith(complete, { ...replaced, fresh: ['web-3'] })), '1 of 2 new pods to be ready');
  });
});
