import assert from 'node:assert/strict';
import { apiServerDown, controlPlaneStopped } from './control-plane.ts';
import { engine, injection, type ObservedEvent, observedOf, waiting } from './testing/observed.ts';

const api = (ready: boolean): ObservedEvent => [
  'api-server',
  ready ? 'ready' : 'down',
  'api-server',
  { ready, reason: '' },
];
const plan = { nodes: [{ name: 'cp' }] };
const later = { id: 'it', since: 500 };

describe('an API server counts as down', () => {
  it('when it no longer answers', () =>
    assert.ok('saw' in apiServerDown(observedOf(api(true), api(false)), plan, injection)));

  it('not while it answers, nor if no probe was sent since', () => {
    assert.match(waiting(apiServerDown(observedOf(api(false), api(true)), plan, injection)), /stop answering/);
    assert.match(waiting(apiServerDown(observedOf(), plan, injection)), /stop answering/);
    assert.match(waiting(apiServerDown(observedOf(api(false)), plan, later)), /stop answering/);
  });
});

describe('a control plane counts as off', () => {
  it('when the engine saw it stop, and the API server no longer answers', () =>
    assert.ok('saw' in controlPlaneStopped(observedOf(engine('cp', 'exited'), api(false)), plan, injection)));

  it('not while one of the two is missing', () => {
    assert.match(waiting(controlPlaneStopped(observedOf(api(false)), plan, injection)), /cp is off/);
    assert.match(waiting(controlPlaneStopped(observedOf(engine('cp', 'exited')), plan, injection)), /stop answering/);
    assert.match(
      waiting(controlPlaneStopped(observedOf(engine('cp', 'paused'), api(false)), plan, injection)),
      /cp is off/,
    );
  });
});
