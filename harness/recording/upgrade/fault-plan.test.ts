import assert from 'node:assert/strict';
import { upgradeFaultPlan, withUpgradedPlan } from './fault-plan.ts';

const owner = { kind: 'Deployment', name: 'web' };

describe('the plan of a fault', () => {
  it('has the owner instead of the name of a Deployment', () => {
    assert.deepEqual(upgradeFaultPlan({ deployment: 'web', from: '1', to: '2' }), { owner, from: '1', to: '2' });
  });

  it('is unchanged if it names no Deployment, or has an owner', () => {
    const db = { kind: 'StatefulSet', name: 'db' };
    for (const plan of [null, 'web', ['web'], { nodes: [] }, { deployment: 7 }, { owner: db, deployment: 'web' }])
      assert.equal(upgradeFaultPlan(plan), plan);
  });

  it('is also upgraded in an event, and no other event is changed', () => {
    const intent = { at: 1, source: 'fault', type: 'intent', subject: 'update', data: { fault: 'scale', plan: {} } };
    const older = { ...intent, data: { ...intent.data, plan: { deployment: 'web', to: 5 } } };
    assert.deepEqual(withUpgradedPlan(older), { ...intent, data: { ...intent.data, plan: { owner, to: 5 } } });
    const said = { ...older, source: 'phase' };
    for (const event of [null, [], said, { ...intent, data: null }, { ...intent, data: { fault: 'scale' } }])
      assert.equal(withUpgradedPlan(event), event);
  });
});
