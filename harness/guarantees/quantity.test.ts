import assert from 'node:assert/strict';
import { plainQuantity } from './quantity.ts';

describe('a quantity', () => {
  const forms: readonly (readonly [string | number, string])[] = [
    [1, '1'],
    [0.5, '500m'],
    [0, '0'],
    ['0.0Gi', '0'],
    ['100m', '100m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.1', '100m'],
    ['.5', '.5'],
    ['2.', '2'],
    ['64Mi', '64Mi'],
    ['1024Mi', '1Gi'],
    ['1025Mi', '1025Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1023Ki', '1023Ki'],
    ['1000', '1k'],
    ['1500k', '1500k'],
    ['1000M', '1G'],
    ['1e3', '1k'],
    ['12E6', '12M'],
    ['5e-1', '500m'],
    ['1E', '1E'],
    ['0.5n', '1n'],
    ['-1000m', '-1'],
    ['+2', '2'],
  ];
  for (const [written, plain] of forms) it(`${written} is ${plain}`, () => assert.equal(plainQuantity(written), plain));

  it('stays as it is if it is none', () => {
    for (const strange of ['', 'many', '1Mb', '1 Gi', '1e999', '9'.repeat(10_000), null, true, []])
      assert.equal(plainQuantity(strange), strange);
  });
});
