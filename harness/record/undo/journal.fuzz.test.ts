import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { fuzzCases, fuzzSeed } from '../../testing/fuzz-cases.ts';
import { FakeLab } from '../testing/lab.ts';
import { healFrom } from './heal.ts';
import { Journal, openActions } from './journal.ts';
import { publicJournal } from './public-journal.ts';

const cases = fuzzCases();
const progress = { plan() {}, note() {}, now() {}, step: <T>(_title: string, work: () => Promise<T>) => work() };
const slowMs = 5000;

const cluster = { context: 'c', server: 's', caSha256: 'a', kubeSystemUid: 'u' };
const ref = { apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'n' };
const owner = { kind: 'StatefulSet', name: 'web' };
const inject = { kind: 'inject', id: 'it', namespace: 'a', owner };
const olderInject = { kind: 'inject', id: 'it', namespace: 'a', deployment: 'web' };
const actions: readonly object[] = [
  { kind: 'namespace', namespace: 'holdfast-a' },
  { kind: 'namespace', namespace: 'holdfast-a', helpersNamespace: 'holdfast-a-helpers' },
  { kind: 'evidence', evidencePath: 'run/rolling-update/treatment' },
  { kind: 'unit', node: 'lab-control-plane', unit: 'holdfast-rules' },
  { ...inject, fault: 'cordon', plan: { nodes: [{ name: 'w1', wasCordoned: false }] } },
  { ...inject, fault: 'scale', plan: { owner, from: 1, to: 2, before: [], pending: false } },
  { ...olderInject, fault: 'scale', plan: { deployment: 'web', from: 1, to: 2, before: [], pending: false } },
  { kind: 'patch', cluster, ref, changes: [{ path: ['spec'], before: 1, after: 2 }] },
];

/** Text that is special to a shell, a path, an object or a terminal. */
const special = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  '..',
  '/etc',
  '; reboot',
  '-rf',
  '\u001b[31m',
  '',
);
const value = fc.oneof(special, fc.jsonValue(), fc.constantFrom(0, -1, 1e300, 2 ** 53, 1.5, null, true));
const line = fc.oneof(
  { weight: 4, arbitrary: fc.record({ seq: fc.integer({ min: 1, max: 9 }), deed: fc.constantFrom(...actions) }) },
  { weight: 2, arbitrary: fc.record({ undone: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ seq: value, deed: value, undone: value }, { requiredKeys: [] }) },
);
/** An action with one field changed or added. */
const changed = fc
  .tuple(fc.constantFrom(...actions), fc.oneof(special, fc.constantFrom('kind', 'plan', 'node', 'fault', 'ref')), value)
  .map(
    ([action, key, other]) =>
      `{"seq":1,"deed":${JSON.stringify(action).replace(/\}$/, `,${JSON.stringify(key)}:${JSON.stringify(other)}}`)}}`,
  );
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.integer({ min: 1, max: 200_000 }))
  .map(([open, depth]) => `{"seq":1,"deed":{"kind":"inject","plan":${open.repeat(depth)}`);
const balanced = fc
  .integer({ min: 1, max: 100_000 })
  .map(
    (depth) =>
      `{"seq":1,"deed":${JSON.stringify({ ...inject, fault: 'cordon', plan: 0 }).replace('"plan":0', `"plan":${'['.repeat(depth)}${']'.repeat(depth)}`)}}`,
  );
const text = fc.oneof(
  { weight: 6, arbitrary: line.map((each) => JSON.stringify(each)) },
  { weight: 2, arbitrary: changed },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: balanced },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);
/** Lines in which bytes were changed, and whose end may be cut off. */
const journal = fc
  .tuple(fc.array(text, { maxLength: 6 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat(20))
  .map(([lines, flips, cut]) => {
    const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
    for (const [at, byte] of flips) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes.subarray(0, Math.max(0, bytes.length - (cut > 10 ? cut : 0)));
  });

describe('a journal of any bytes', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-journal-fuzz-'));
    path = join(folder, 'journal', 'journal.ndjson');
    mkdirSync(dirname(path), { mode: 0o700 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The result of the work, or the only error that a damaged journal may cause. */
  const orDamaged = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      assert.ok(error instanceof Error);
      assert.match(error.message, /journal\.ndjson:\d+: not a line of a journal\. Check it, then run: /);
      return undefined;
    }
  };

  it('is read or refused with file and line, and only valid actions are read from it', async () => {
    await fc.assert(
      fc.asyncProperty(journal, async (bytes) => {
        writeFileSync(path, bytes);
        const began = performance.now();
        const open = orDamaged(() => openActions(path));
        orDamaged(() => publicJournal(path));
        if (open) {
          const lab = new FakeLab(folder, 'run');
          const errors = await healFrom(path, lab, progress);
          for (const { message } of errors) assert.match(message, /^undo: /);
          for (const command of lab.commands)
            assert.match(
              command,
              /^[a-z0-9][a-z0-9.-]*: (rm -rf \/evidence\/[\w./-]+|systemctl stop holdfast-(rules|conntrack))$/,
            );
          const left = openActions(path).length;
          assert.equal(left > 0, errors.length > 0);
          assert.ok(left <= open.length);
          // It can be continued.
          const next = new Journal(path);
          next.undone(next.begin({ kind: 'namespace', namespace: 'holdfast-next' }));
          assert.equal(openActions(path).length, left);
          next.close();
          await rm(path, { force: true });
        }
        assert.equal(({} as { polluted?: unknown }).polluted, undefined);
        assert.ok(performance.now() - began < slowMs);
      }),
      { numRuns: cases, seed: fuzzSeed() },
    );
    assert.deepEqual(Object.keys(Object.prototype), []);
  }).timeout(60_000 + cases * 100);
});
