import assert from 'node:assert/strict';
import { UsageError } from '../model/usage-error.ts';
import { checkHold } from './describe-fault.ts';

describe('a fault that ends by itself', () => {
  const held = (name: string, ms: number) => () =>
    checkHold({ id: 'it', when: { atMs: 0 }, fault: { name, params: {} }, until: { ms }, limitMs: 60_000 }, '--hold');

  it('may not be held longer than its timer lets it', () => {
    assert.throws(held('node-partition', 900_000), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(
        error.message,
        /^--hold: it: node-partition ends by itself after 900 s, but it could be held for 960 s$/,
      );
      return true;
    });
    assert.doesNotThrow(held('node-partition', 600_000));
  });

  it('is told from one that does not', () => assert.doesNotThrow(held('node-kill', 3_600_000)));
});
