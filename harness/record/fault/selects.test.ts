import assert from 'node:assert/strict';
import { selects } from './selects.ts';

describe('a label selector', () => {
  const web = { app: 'web', tier: 'front' };

  it('selects by labels and expressions, all of which must match', () => {
    const matchLabels = { app: 'web' };
    const front = { key: 'tier', operator: 'In', values: ['front', 'edge'] };
    assert.ok(selects({ matchLabels, matchExpressions: [front] }, web));
    assert.ok(!selects({ matchLabels, matchExpressions: [front] }, { ...web, tier: 'back' }));
    assert.ok(!selects({ matchLabels, matchExpressions: [front] }, { ...web, app: 'api' }));
  });

  it('supports every operator, and selects nothing with an unknown operator', () => {
    const by = (operator: string, key: string, values?: string[]) =>
      selects({ matchExpressions: [{ key, operator, ...(values && { values }) }] }, web);
    assert.ok(by('NotIn', 'app', ['api']) && by('NotIn', 'zone', ['a']) && !by('NotIn', 'app', ['web']));
    assert.ok(by('Exists', 'app') && !by('Exists', 'zone'));
    assert.ok(by('DoesNotExist', 'zone') && !by('DoesNotExist', 'app'));
    assert.ok(!by('In', 'zone', ['a']) && !by('Gt', 'app', ['1']));
  });

  it('selects everything if it is empty, like in the API', () => assert.ok(selects({}, web)));
});
