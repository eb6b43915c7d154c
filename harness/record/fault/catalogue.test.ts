import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { witnesses, witnessOf } from '../../witness/witnesses.ts';
import { catalogue, faultNamed } from './catalogue.ts';
import * as builders from './faults.ts';

const allFlags = ['asksDependency', 'asksPods', 'breaksRoutes', 'silencesWatches'] as const;
type Flag = (typeof allFlags)[number];

describe('the catalogue of faults', () => {
  it('has the same witness for each fault as the judge', () => {
    for (const { name, landed } of catalogue.values()) {
      const missing = `${name}: give it a witness in harness/witness/witnesses.ts, and name it in its file: landed: witnesses['${name}']`;
      assert.ok(witnessOf(name), missing);
      assert.equal(witnessOf(name), landed, missing);
    }
  });

  it('contains every fault that has a file or a witness', () => {
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

  it('exports each builder under the name of its fault', () => {
    for (const [exported, { fault }] of Object.entries(builders))
      assert.equal(
        exported.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        fault.name,
      );
  });

  it('has an example for each fault that its schema accepts', () => {
    for (const { name, params, example } of catalogue.values()) {
      const checked = params.safeParse(example.params);
      assert.ok(checked.success, `${name}: ${checked.error?.message}`);
    }
  });

  it('names causes for each fault that the workload can be responsible for', () => {
    for (const { name, causes } of catalogue.values()) {
      assert.equal(new Set(causes).size, causes.length, name);
      for (const cause of ['generator-fault', 'dns-failure', 'unattributed'] as const)
        assert.ok(!causes.includes(cause), `${name}: ${cause}`);
    }
  });

  it('describes for each fault what it does, what it stands for, and how it is undone', () => {
    for (const { name, does, standsFor, undone } of catalogue.values())
      for (const words of [does, standsFor, undone]) assert.match(words, /^\S.{10,}[^.]$/, name);
  });

  /** All flags of each fault. Faults without a flag are not listed. */
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

  it('states what each fault needs to be observed and undone', () => {
    const flagged = [...catalogue.values()].map((fault): [string, Flag[]] => [
      fault.name,
      allFlags.filter((flag) => fault[flag]),
    ]);
    assert.deepEqual(Object.fromEntries(flagged.filter(([, its]) => its.length > 0)), flags);
  });

  it('rejects a plan in a journal that the fault did not write', () => {
    for (const { name, planned } of catalogue.values()) {
      assert.ok(!planned.safeParse({ command: 'rm -rf /' }).success, name);
      assert.ok(!planned.safeParse(null).success, name);
    }
  });

  it('lists all faults if a name is unknown', () =>
    assert.throws(() => faultNamed('nodekill'), /unknown fault nodekill\. Faults: api-server-down, .*node-kill, /));
});
