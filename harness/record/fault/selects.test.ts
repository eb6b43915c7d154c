import assert from 'node:assert/strict';
import { selects } from './selects.ts';

describe('a label selector', () => {
  const web = { app: 'web', tier: 'front' };

  it('selects by labels and by expressions, all of which must hold', () => {
    const matchLabels = { app: 'web' };
    const front = { key: 'tier', operator: 'In', values: ['front', 'edge'] };
    assert.ok(selects({ matchLabels, matchExpressions: [front] }, web));
    assert.ok(!selects({ matchLabels, matchExpressions: [front] }, { ...web, tier: 'back' }));
    assert.ok(!selects({ matchLabels, matchExpressions: [front] }, { ...web, app: 'api' }));
  });

  it('knows every operator, and selects nothing by one that it does not know', () => {
    const by = (operator: string, key: string, values?: string[]) =>
      selects({ matchExpressions: [{ key, operator, ...(values && { values }) }] }, web);
    assert.ok(by('NotIn', 'app', ['api']) && by('NotIn', 'zone', ['a']) && !by('NotIn', 'app', ['web']));
    assert.ok(by('Exists', 'app') && !by('Exists', 'zone'));
    assert.ok(by('DoesNotExist', 'zone') && !by('DoesNotExist', 'app'));
    assert.ok(!by('In', 'zone', ['a']) && !by('Gt', 'app', ['1']));
  });

  it('that is empty selects all, as the API has it', () => assert.ok(selects({}, web)));
});
