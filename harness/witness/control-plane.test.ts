import assert from 'node:assert/strict';
import { apiServerDown, controlPlaneStopped } from './control-plane.ts';
import { engine, injection, type Sight, waiting, worldOf } from './testing/observed.ts';

const api = (ready: boolean): Sight => ['api-server', ready ? 'ready' : 'down', 'api-server', { ready, reason: '' }];
const plan = { nodes: [{ name: 'cp' }] };
const later = { id: 'it', since: 500 };

describe('an API server is down', () => {
  it('when it answers no more', () =>
    assert.ok('saw' in apiServerDown(worldOf(api(true), api(false)), plan, injection)));

  it('not while it answers, nor where nobody asked it since', () => {
    assert.match(waiting(apiServerDown(worldOf(api(false), api(true)), plan, injection)), /fall silent/);
    assert.match(waiting(apiServerDown(worldOf(), plan, injection)), /fall silent/);
    assert.match(waiting(apiServerDown(worldOf(api(false)), plan, later)), /fall silent/);
  });
});

describe('a control plane is off', () => {
  it('when the engine saw its machine end, and the API server answers no more', () =>
    assert.ok('saw' in controlPlaneStopped(worldOf(engine('cp', 'exited'), api(false)), plan, injection)));

  it('not while one of the two is missing', () => {
    assert.match(waiting(controlPlaneStopped(worldOf(api(false)), plan, injection)), /cp is off/);
    assert.match(waiting(controlPlaneStopped(worldOf(engine('cp', 'exited')), plan, injection)), /fall silent/);
    assert.match(
      waiting(controlPlaneStopped(worldOf(engine('cp', 'paused'), api(false)), plan, injection)),
      /cp is off/,
    );
  });
});
