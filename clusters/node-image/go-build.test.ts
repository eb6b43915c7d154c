import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from '../cache.ts';
import { labRecipes } from '../transfer/contents.ts';

const withNeeds = (recipe: Recipe): Recipe[] => [recipe, ...recipe.needs.flatMap(withNeeds)];

describe('each Go program of the lab', () => {
  const programs = labRecipes.flatMap(withNeeds).filter(({ programs }) => programs?.includes('go'));

  it('is listed in this test', () => {
    const names = new Set(programs.map(({ name }) => name));
    assert.deepEqual([...names].sort(), ['coredns', 'etcd', 'k6', 'kind', 'kubernetes-1.37', 'pause']);
  });

  it('is compiled only by Go, from modules whose hashes are in a go.sum of the checkout', () => {
    for (const { name, files, needs } of programs) {
      assert.deepEqual(needs, [], `${name} is made by another program`);
      const [folder = '', ...more] = files;
      assert.deepEqual(more, [], name);
      const requires = /^require /m.test(readFileSync(join(folder, 'go.mod'), 'utf8'));
      assert.equal(existsSync(join(folder, 'go.sum')), requires, name);
    }
  });
});
