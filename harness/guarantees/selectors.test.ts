import assert from 'node:assert/strict';
import type { Json } from '../model/units.ts';
import { selectorAt, selectorInWords, selects } from './selectors.ts';

const labels = { app: 'web', tier: 'front' };
const expression = (operator: string, key: string, ...values: readonly string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});

describe('a label selector', () => {
  const cases: readonly (readonly [Json, boolean, string])[] = [
    [{}, true, 'all pods'],
    [{ matchLabels: {}, matchExpressions: [] }, true, 'all pods'],
    [{ matchLabels: { app: 'web' } }, true, 'app=web'],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false, 'app=web,tier=back'],
    [expression('In', 'tier', 'front', 'back'), true, 'tier in (front,back)'],
    [expression('In', 'canary', 'yes'), false, 'canary in (yes)'],
    [expression('NotIn', 'tier', 'back'), true, 'tier notin (back)'],
    [expression('NotIn', 'tier', 'front'), false, 'tier notin (front)'],
    [expression('NotIn', 'canary', 'yes'), true, 'canary notin (yes)'],
    [expression('Exists', 'tier'), true, 'tier'],
    [expression('Exists', 'constructor'), false, 'constructor'],
    [expression('DoesNotExist', 'canary'), true, '!canary'],
    [expression('DoesNotExist', 'app'), false, '!app'],
    [expression('Likes', 'app'), false, 'app'],
  ];
  for (const [selector, selected, words] of cases)
    it(`${words}${selected ? '' : ' does not'} select${selected ? 's' : ''} app=web,tier=front`, () => {
      const found = selectorAt({ selector }, 'selector');
      assert.equal(selects(found, labels), selected);
      assert.equal(selectorInWords(found ?? {}), words);
    });

  it('selects nothing if it is absent', () => {
    assert.equal(selects(selectorAt({ selector: null }, 'selector'), labels), false);
    assert.equal(selects(selectorAt({}, 'selector'), labels), false);
  });
});
