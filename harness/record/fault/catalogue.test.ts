import assert from 'node:assert/strict';
import { witnessOf } from '../../witness/witnesses.ts';
import { catalogue, faultNamed } from './catalogue.ts';

describe('the catalogue of faults', () => {
  it('gives the recorder the same witness as the judge', () => {
    for (const { name, landed } of catalogue.values()) assert.equal(witnessOf(name), landed, name);
  });

  it('says of each what it does, what it is faithful to, and how it is undone', () => {
    for (const { name, does, faithfulTo, undone } of catalogue.values())
      for (const words of [does, faithfulTo, undone]) assert.match(words, /^\S.{10,}[^.]$/, name);
  });

  it('says which faults silence the watches: those that take the API server away, and no other', () => {
    const silencing = [...catalogue.values()].filter(({ silencesWatches }) => silencesWatches).map(({ name }) => name);
    assert.deepEqual(silencing.sort(), ['api-server-down', 'control-plane-stop']);
  });

  it('takes no plan from a journal that it did not make', () => {
    for (const { name, planned } of catalogue.values()) {
      assert.ok(!planned.safeParse({ command: 'rm -rf /' }).success, name);
      assert.ok(!planned.safeParse(null).success, name);
    }
  });

  it('names all of them to who mistypes one', () =>
    assert.throws(() => faultNamed('nodekill'), /unknown fault nodekill\. Faults: rollout, .*node-kill/));
});
