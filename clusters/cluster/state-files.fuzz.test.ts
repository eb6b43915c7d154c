import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { LockedError, withLock } from '../../harness/sys/lock.ts';
import { makeStateFolder } from '../../harness/sys/state-file.ts';
import { fuzzCases, fuzzSeed } from '../../harness/testing/fuzz-cases.ts';
import { knownOwner } from '../engine/owner.ts';
import { recordedChanges } from '../network/sysctls.ts';
import { engineFolder, privateEngineEnv } from '../private-engine/engine-folder.ts';
import { readHostBefore, recordHost, restoreHost } from '../private-engine/host-changes.ts';
import { readCluster } from './record.ts';
import { evidenceFolder, kubeconfigFile } from './state.ts';
import { clusterStatus } from './status.ts';
import { sampleRecord } from './testing/sample-record.ts';

const cases = fuzzCases();
const seed = fuzzSeed();
const name = 'lab';
const limitMs = 5_000;

const samples: { readonly [file: string]: () => object } = {
  'clusters/lab.json': () => sampleRecord(name),
  'owner.json': () => ({ id: '0a'.repeat(16) }),
  'sysctls.json': () => ({ 'fs.inotify.max_user_instances': { before: 128, set: 512 } }),
  'engine/host-before.json': () => ({
    sysctls: { '/proc/sys/net/ipv4/ip_forward': '0' },
    forwardPolicy: 'ACCEPT',
    chains: ['filter/DOCKER'],
    bridges: ['docker0'],
  }),
  'locks/lab.json': () => ({ pid: process.pid, command: './holdfast run', since: '2026-11-28T07:15:00.000Z' }),
};
const files = Object.keys(samples);

/** A damage of a file: other bytes, another value in it, or another kind of file. */
type Damage =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'changed'; readonly at: readonly number[]; readonly key: string; readonly value: unknown }
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'deep'; readonly depth: number; readonly open: string }
  | { readonly kind: 'link' | 'fifo' | 'folder' | 'sparse' | 'loop' };

const hostile = fc.constantFrom(
  '../../outside/victim',
  '/etc/passwd',
  '/proc/sys/kernel/core_pattern',
  'OUTSIDE/evil',
  '$(OUTSIDE/evil)',
  '--privileged',
  'x; OUTSIDE/evil',
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u202eexe.png',
  'unix://OUTSIDE/docker.sock',
  '__proto__',
  'a'.repeat(100_000),
);
const value = fc.oneof(hostile, fc.jsonValue({ maxDepth: 4 }), fc.array(hostile), fc.dictionary(hostile, hostile));
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 5000 }) }),
  fc.record({ kind: fc.constant('json' as const), text: fc.json({ maxDepth: 6 }) }),
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('changed' as const),
      at: fc.array(fc.nat(30), { maxLength: 5 }),
      key: fc.oneof(fc.constant(''), hostile, fc.constantFrom('PATH', 'DOCKER_HOST', 'exec', 'id')),
      value,
    }),
  },
  fc.record({ kind: fc.constant('cut' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant('deep' as const),
    depth: fc.integer({ min: 1000, max: 100_000 }),
    open: fc.constantFrom('[', '{"a":'),
  }),
  fc.record({ kind: fc.constantFrom('link' as const, 'fifo', 'folder', 'sparse', 'loop') }),
);

/** The sample with one value changed or added. Each number selects a key on the path. */
function changed(sample: object, at: readonly number[], key: string, to: unknown): string {
  const root = structuredClone(sample) as Record<string, unknown>;
  let here = root;
  let last: string | undefined;
  for (const step of at) {
    const keys = Object.keys(here);
    if (keys.length === 0) break;
    last = keys[step % keys.length] ?? '';
    const next = here[last];
    if (typeof next !== 'object' || next === null || step === at.at(-1)) break;
    here = next as Record<string, unknown>;
    last = undefined;
  }
  Object.defineProperty(here, key || last || 'more', { value: to, enumerable: true, configurable: true });
  return JSON.stringify(root);
}

describe('damaged state files', function () {
  this.timeout(cases * 300);
  const stateHome = process.env.XDG_STATE_HOME;
  let home: string;
  let outside: string;
  const victim = () => join(outside, 'victim');

  before(() => {
    home = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
    outside = join(home, 'outside');
    mkdirSync(outside);
    writeFileSync(victim(), '{"id":"victim"}');
    // All programs that a file names are this one, which leaves a trace, and so are all programs that we run.
    const trace = `#!/bin/sh\necho "$0 $*" >> '${join(outside, 'ran')}'\nexit 1\n`;
    for (const program of ['evil', 'docker', 'iptables', 'iptables-save', 'iptables-restore', 'ip']) {
      writeFileSync(join(outside, program), trace);
      chmodSync(join(outside, program), 0o755);
    }
    process.env.XDG_STATE_HOME = home;
    for (const folder of ['clusters', 'engine', 'locks']) makeStateFolder(folder);
  });

  after(() => {
    if (stateHome === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = stateHome;
    rmSync(home, { recursive: true });
  });

  function place(file: string, damaged: Damage): void {
    const path = join(home, 'holdfast', file);
    rmSync(path, { recursive: true, force: true });
    const sample = samples[file]?.() ?? {};
    const text = JSON.stringify(sample);
    const put = (content: string | Uint8Array) =>
      writeFileSync(path, typeof content === 'string' ? content.replaceAll('OUTSIDE', outside) : content);
    if (damaged.kind === 'bytes') put(damaged.bytes);
    if (damaged.kind === 'json') put(damaged.text);
    if (damaged.kind === 'changed') put(changed(sample, damaged.at, damaged.key, damaged.value));
    if (damaged.kind === 'cut') put(text.slice(0, Math.floor(text.length * damaged.share)));
    if (damaged.kind === 'deep') put(damaged.open.repeat(damaged.depth));
    if (damaged.kind === 'link') symlinkSync(victim(), path);
    if (damaged.kind === 'loop') symlinkSync(path, path);
    if (damaged.kind === 'folder') mkdirSync(path);
    if (damaged.kind === 'fifo') assert.equal(spawnSync('mkfifo', [path]).status, 0);
    if (damaged.kind === 'sparse') {
      put(text);
      truncateSync(path, 5 * 2 ** 30);
    }
  }

  /** The reader of each file, with the assertions about its result. */
  const readers: { readonly [file: string]: () => unknown } = {
    'clusters/lab.json': () => {
      const info = readCluster(name);
      if (!info) return;
      assert.equal(info.kubeconfig, kubeconfigFile(name));
      assert.ok(
        [{}, privateEngineEnv(engineFolder())].some((env) => JSON.stringify(env) === JSON.stringify(info.engineEnv)),
      );
      for (const node of info.nodes) {
        assert.equal(node.evidence, evidenceFolder(name, node.name));
        assert.match(node.container, /^[0-9a-f]{64}$/);
      }
    },
    'owner.json': () => {
      const id = knownOwner();
      if (id !== undefined) assert.match(id, /^[0-9a-f]{32}$/);
    },
    'sysctls.json': () => {
      for (const changedName of Object.keys(recordedChanges()))
        assert.match(changedName, /^fs\.inotify\.max_user_\w+$/);
    },
    'engine/host-before.json': () => {
      const found = readHostBefore(engineFolder());
      for (const file of Object.keys(found?.sysctls ?? {})) assert.match(file, /^\/proc\/sys\/net\//);
    },
    'locks/lab.json': () => withLock('lab', 'another', async () => assert.fail('both have it')),
  };

  async function assertHarmless(file: string, damaged: Damage): Promise<void> {
    place(file, damaged);
    const since = performance.now();
    try {
      await readers[file]?.();
    } catch (error) {
      assert.ok(error instanceof Error && !(error instanceof assert.AssertionError), String(error));
      assert.ok(file.startsWith('locks/') === error instanceof LockedError, error.message);
      if (!file.startsWith('locks/')) assert.match(error.message, /^The .* is damaged \(/);
      assert.ok(error.message.length < 2000, `${error.message.length} characters`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for these characters
      assert.doesNotMatch(error.message, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|\n\s+at /);
    }
    assert.ok(performance.now() - since < limitMs, 'it hangs');
    assert.equal(readFileSync(victim(), 'utf8'), '{"id":"victim"}');
    assert.equal((Object.prototype as { readonly polluted?: unknown }).polluted, undefined);
  }

  it(`are read safely or refused with a message, ${cases} times`, () =>
    withLock('lab', 'the holder', () =>
      fc.assert(fc.asyncProperty(fc.constantFrom(...files), damage, assertHarmless), {
        numRuns: cases,
        seed,
        endOnFailure: true,
      }),
    ));

  it('run no program, and change nothing outside the state folder', async () => {
    assert.ok(!readdirSync(outside).includes('ran'));
    const kubeconfig = join(outside, 'kubeconfig');
    const evil = { ...sampleRecord(name), kubeconfig, engineEnv: { PATH: outside } };
    writeFileSync(join(home, 'holdfast/clusters/lab.json'), JSON.stringify(evil));
    await assert.rejects(clusterStatus(name), /damaged/);
    const folder = engineFolder();
    rmSync(join(folder.root, 'host-before.json'), { recursive: true, force: true });
    const paths = { sysctls: { '/proc/sys/kernel/core_pattern': '|/tmp/evil' } };
    const hostBefore = { ...samples['engine/host-before.json']?.(), ...paths };
    writeFileSync(join(folder.root, 'host-before.json'), JSON.stringify(hostBefore));
    await assert.rejects(restoreHost(folder), /damaged/);
    await assert.rejects(recordHost(folder), /damaged/);
    assert.ok(!readdirSync(outside).includes('ran'));
  });
});
