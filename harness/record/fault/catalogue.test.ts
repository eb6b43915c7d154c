import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { witnesses, witnessOf } from '../../witness/witnesses.ts';
import { catalogue, faultNamed } from './catalogue.ts';
import * as builders from './faults.ts';

const allFlags = ['asksDependency', 'asksPods', 'breaksRoutes', 'silencesWatches'] as const;
type Flag = (typeof allFlags)[number];

describe('the catalogue of faults', () => {
  it('has the same witness as the judge, of each', () => {
    for (const { name, landed } of catalogue.values()) {
      const missing = `${name}: give it a witness in harness/witness/witnesses.ts, and name it in its file: landed: witnesses['${name}']`;
      assert.ok(witnessOf(name), missing);
      assert.equal(witnessOf(name), landed, missing);
    }
  });

  it('has every fault that has a file or a witness', () => {
    const known = new Set(catalogue.keys());
    const inFaults = readFileSync(join(import.meta.dirname, 'faults.ts'), 'utf8');
    const unlisted = readdirSync(import.meta.dirname).filter(
      (file) =>
        !file.endsWith('.test.ts') &&
        /^export const \w+ = (builderOf<|podFault\(|powerFault\()/m.test(
          readFileSync(join(import.meta.dirname, file), 'utf8'),
        ) &&
        !inFaults.includes(`'./${file}'`),
    );
    assert.deepEqual(unlisted, [], 'add a line to harness/record/fault/faults.ts');
    assert.deepEqual(
      Object.keys(witnesses).filter((name) => !known.has(name)),
      [],
      'these have a witness and no fault: add its file to harness/record/fault/faults.ts',
    );
  });

  it('is called by its name where experiments are written', () => {
    for (const [exported, { fault }] of Object.entries(builders))
      assert.equal(
        exported.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        fault.name,
      );
  });

  it('has an example of each that it understands itself', () => {
    for (const { name, params, example } of catalogue.values()) {
      const checked = params.safeParse(example.params);
      assert.ok(checked.success, `${name}: ${checked.error?.message}`);
    }
  });

  it('says why requests fail by each, in causes that the workload can be blamed for', () => {
    for (const { name, causes } of catalogue.values()) {
      assert.equal(new Set(causes).size, causes.length, name);
      for (const cause of ['generator-fault', 'dns-failure', 'unattributed'] as const)
        assert.ok(!causes.includes(cause), `${name}: ${cause}`);
    }
  });

  it('says of each what it does, what it is faithful to, and how it is undone', () => {
    for (const { name, does, faithfulTo, undone } of catalogue.values())
      for (const words of [does, faithfulTo, undone]) assert.match(words, /^\S.{10,}[^.]$/, name);
  });

  /** Of every fault that has a flag, all its flags. A fault without one is not listed. */
  const flags: { readonly [fault: string]: readonly Flag[] } = {
    'api-server-down': ['silencesWatches'],
    'control-plane-stop': ['breaksRoutes', 'silencesWatches'],
    'dependency-off': ['asksDependency'],
    'network-card-down': ['breaksRoutes'],
    'network-delay': ['asksPods'],
    'network-policy': ['asksPods'],
    'node-kill': ['breaksRoutes'],
    'node-partition': ['asksPods', 'breaksRoutes'],
    'node-pause': ['breaksRoutes'],
    'node-restart': ['breaksRoutes'],
    'node-stop': ['breaksRoutes'],
  };

  it('says what each fault needs to be observed and to be undone', () => {
    const flagged = [...catalogue.values()].map((fault): [string, Flag[]] => [
      fault.name,
      allFlags.filter((flag) => fault[flag]),
    ]);
    assert.deepEqual(Object.fromEntries(flagged.filter(([, its]) => its.length > 0)), flags);
  });

  it('takes no plan from a journal that it did not make', () => {
    for (const { name, planned } of catalogue.values()) {
      assert.ok(!planned.safeParse({ command: 'rm -rf /' }).success, name);
      assert.ok(!planned.safeParse(null).success, name);
    }
  });

  it('names all of them to who mistypes one', () =>
    assert.throws(() => faultNamed('nodekill'), /unknown fault nodekill\. Faults: api-server-down, .*node-kill, /));
});
