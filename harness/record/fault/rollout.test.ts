import assert from 'node:assert/strict';
import type { DeploymentState } from '../../model/event.ts';
import { World } from '../world.ts';
import { rollout } from './rollout.ts';

const plan = { deployment: 'web', generation: 1, from: '1', to: '2', oldPods: ['web-1', 'web-2'] };
const complete: DeploymentState = {
  generation: 2,
  observedGeneration: 2,
  desired: 2,
  replicas: 2,
  updated: 2,
  ready: 2,
  available: 2,
};

const worldWith = (deployment: DeploymentState | undefined, pods: readonly string[]) => {
  const world = new World();
  if (deployment) world.see({ at: 1, source: 'deployment', type: 'modified', subject: 'web', data: { ...deployment } });
  for (const pod of pods) world.see({ at: 1, source: 'pod', type: 'added', subject: pod, data: {} });
  return world;
};

describe('a rollout has landed', () => {
  const waiting = (world: World) => {
    const answer = rollout.landed(world, plan);
    return 'waitingFor' in answer ? answer.waitingFor : 'nothing';
  };

  it('when every pod is new and available and the old ones are gone', () =>
    assert.deepEqual(rollout.landed(worldWith(complete, ['web-3', 'web-4']), plan), { done: true }));

  it('not before the controller saw it', () => {
    assert.match(waiting(worldWith(undefined, [])), /controller/);
    assert.match(waiting(worldWith({ ...complete, observedGeneration: 1 }, [])), /controller/);
  });

  it('not while pods are missing or old ones are left', () => {
    assert.equal(waiting(worldWith({ ...complete, updated: 1 }, [])), '1 of 2 pods to be version 2');
    assert.equal(waiting(worldWith({ ...complete, available: 1 }, [])), '1 of 2 to be available');
    assert.equal(waiting(worldWith(complete, ['web-2', 'web-3'])), 'web-2 to be gone');
  });
});
