import assert from 'node:assert/strict';
import { helpersNamespace } from './helpers.ts';

/** A name of a namespace with this many characters. */
const ofLength = (length: number) => 'holdfast-'.padEnd(length, 'x');

describe('the namespace of the helpers', () => {
  it('is named after the namespace of the arm', () =>
    assert.equal(helpersNamespace('holdfast-drain-budget-one-node'), 'holdfast-drain-budget-one-node-helpers'));

  it('has a name that Kubernetes accepts, for every namespace of an arm', () => {
    for (const length of [10, 54, 55, 56, 62, 63]) {
      const name = helpersNamespace(ofLength(length));
      assert.match(name, /^holdfast-[a-z0-9-]{0,53}[a-z0-9]$/, `${length}: ${name}`);
      assert.match(name, /-helpers$/);
    }
    assert.equal(helpersNamespace(ofLength(55)), `${ofLength(55)}-helpers`);
  });

  it('differs between arms whose names differ only where they are cut', () => {
    const names = ['a', 'b', 'c-2'].map((ending) => helpersNamespace(`${ofLength(60)}${ending}`));
    assert.equal(new Set(names).size, names.length);
  });
});
