import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterInfo, ClusterNode } from '../model/cluster.ts';
import { exec } from '../sys/exec.ts';
import { collectEvidence } from './collect.ts';

const evidencePath = 'run-1/rolling-update/treatment';
const modeOf = (path: string) => statSync(path).mode & 0o777;
const mebibyte = 1024 ** 2;

describe('collecting evidence', () => {
  let top: string;
  let stopping: AbortController;
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), 'holdfast-collect-'));
    stopping = new AbortController();
    for (const node of ['cp', 'w1', 'w2']) mkdirSync(join(top, node));
    mkdirSync(recording());
    mkdirSync(join(top, 'outside'));
    writeFileSync(join(top, 'outside', 'web-1.ndjson'), 'secret');
  });
  afterEach(() => rm(top, { recursive: true }));

  const recording = () => join(top, 'run');
  const at = (node: string, name: string) => join(top, node, evidencePath, name);
  const make = (node: string, name: string, content = '{}\n') => {
    mkdirSync(dirname(at(node, name)), { recursive: true });
    writeFileSync(at(node, name), content);
  };
  const collect = (maxBytes?: number) => {
    const nodes = ['cp', 'w1', 'w2'].map((name) => ({ name, evidence: join(top, name) }) as ClusterNode);
    const [generator] = nodes as [ClusterNode];
    const lab = { info: { nodes } as unknown as ClusterInfo, generator };
    const generators = ['fresh', 'kept-alive'];
    return collectEvidence({ lab, evidencePath, generators, folder: recording(), signal: stopping.signal }, maxBytes);
  };
  /** All files in the recording, as paths below it. */
  const collected = async () =>
    (await readdir(recording(), { recursive: true })).filter((name) => name !== 'workload').sort();

  it('copies the files of generators and pods, but no empty files', async () => {
    for (const name of ['requests-fresh.ndjson', 'requests-kept-alive.ndjson', 'conntrack.log']) make('cp', name, name);
    make('w1', 'workload/web-1.ndjson', 'of web-1');
    make('w2', 'workload/web-2.ndjson', 'of web-2');
    make('w2', 'workload/web-3.ndjson', '');
    assert.deepEqual(await collect(), []);
    assert.deepEqual(await collected(), [
      'conntrack.log',
      'requests-fresh.ndjson',
      'requests-kept-alive.ndjson',
      'workload/web-1.ndjson',
      'workload/web-2.ndjson',
    ]);
    assert.equal(readFileSync(join(recording(), 'workload', 'web-2.ndjson'), 'utf8'), 'of web-2');
    assert.equal(modeOf(join(recording(), 'workload')), 0o700);
    assert.equal(modeOf(join(recording(), 'workload', 'web-1.ndjson')), 0o600);
  });

  it('copies nothing if no pod has written', async () => {
    assert.deepEqual(await collect(), []);
    assert.deepEqual(await collected(), []);
  });

  it('follows no link to a file', async () => {
    mkdirSync(at('w1', 'workload'), { recursive: true });
    symlinkSync(join(top, 'outside', 'web-1.ndjson'), at('w1', 'workload/web-1.ndjson'));
    assert.deepEqual(await collect(), ['w1: workload/web-1.ndjson: not a regular file of an expected name']);
    assert.deepEqual(await collected(), []);
  });

  it('follows no link in any component of the path', async () => {
    make('w1', 'workload/web-7.ndjson');
    for (const component of [evidencePath, 'run-1/rolling-update', 'run-1']) {
      await rm(join(top, 'w1', 'run-1'), { recursive: true });
      const deep = join(top, 'outside', evidencePath.slice(component.length), 'workload');
      mkdirSync(deep, { recursive: true });
      writeFileSync(join(deep, 'web-9.ndjson'), 'secret');
      mkdirSync(dirname(join(top, 'w1', component)), { recursive: true });
      symlinkSync(join(top, 'outside'), join(top, 'w1', component));
      assert.match((await collect()).join('\n'), /^w1: its folder: not a folder, but a link/);
      assert.deepEqual(await collected(), [], component);
    }
  });

  it('copies nothing through a folder that is a link to /etc', async () => {
    mkdirSync(join(top, 'w1', evidencePath), { recursive: true });
    symlinkSync('/etc', at('w1', 'workload'));
    make('w2', 'workload/web-2.ndjson');
    assert.deepEqual(await collect(), ['w1: workload/: not a folder, but a link or a file']);
    assert.deepEqual(await collected(), ['workload/web-2.ndjson']);
  });

  if (process.getuid?.() === 0)
    it('copies nothing through a link that another user planted before the run', async () => {
      const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
      const plant = `mkdir -p "$1" && ln -s /etc "$1/workload"`;
      for (const folder of [top, join(top, 'w1')]) await exec('chmod', ['1777', folder]);
      await exec('setpriv', [...nobody, 'sh', '-c', plant, 'sh', join(top, 'w1', evidencePath)]);
      assert.equal(statSync(join(top, 'w1', evidencePath)).uid, 65534);
      assert.deepEqual(await collect(), ['w1: workload/: not a folder, but a link or a file']);
      assert.deepEqual(await collected(), []);
    });

  it('does not wait for a pipe', async () => {
    mkdirSync(at('w1', 'workload'), { recursive: true });
    await exec('mkfifo', [at('w1', 'workload/web-1.ndjson')]);
    mkdirSync(join(top, 'cp', evidencePath), { recursive: true });
    await exec('mkfifo', [at('cp', 'requests-fresh.ndjson')]);
    assert.equal((await collect()).length, 2);
    assert.deepEqual(await collected(), []);
  });

  it('copies only exact names, and reports the others', async () => {
    const names = ['SHA256SUMS', 'journal.ndjson', 'arm.json', 'events.ndjson', '.npmrc', 'requests-other.ndjson'];
    for (const name of names) make('cp', name, 'forged');
    for (const name of ['Web.ndjson', 'web-1.ndjson.gz', '.ndjson', 'web_1.ndjson', `${'x'.repeat(240)}.ndjson`])
      make('w1', `workload/${name}`, 'forged');
    make('w1', 'requests-fresh.ndjson', 'forged');
    make('w1', 'workload/web-1.ndjson');
    assert.equal((await collect()).length, names.length + 5 + 1);
    assert.deepEqual(await collected(), ['workload/web-1.ndjson']);
  });

  it('makes control characters in names visible, and reports at most 20 names', async () => {
    make('w1', 'workload/a\u001b]52;c;eA==\u0007\n\u202e.ndjson');
    const [words] = await collect();
    assert.equal(words, 'w1: workload/a\ufffd]52;c;eA==\ufffd \ufffd.ndjson: not a regular file of an expected name');
    for (let index = 0; index < 100; index++) make('w1', `workload/.${index}`);
    const many = await collect();
    assert.equal(many.length, 21);
    assert.equal(many.at(-1), 'and 81 more files');
  });

  it('leaves out a file that exists on two nodes, and continues', async () => {
    make('w1', 'workload/web-1.ndjson', 'one');
    make('w2', 'workload/web-1.ndjson', 'another');
    make('w2', 'workload/web-2.ndjson');
    assert.deepEqual(await collect(), ['workload/web-1.ndjson: written on two nodes: w1, w2']);
    assert.deepEqual(await collected(), ['workload/web-2.ndjson']);
  });

  it('overwrites no recorded file, and continues', async () => {
    writeFileSync(join(recording(), 'conntrack.log'), 'ours');
    make('cp', 'conntrack.log', 'forged');
    make('w2', 'workload/web-2.ndjson');
    assert.deepEqual(await collect(), ['cp: conntrack.log: conntrack.log already exists']);
    assert.equal(readFileSync(join(recording(), 'conntrack.log'), 'utf8'), 'ours');
    assert.ok(existsSync(join(recording(), 'workload', 'web-2.ndjson')));
  });

  it('copies no log of more than 64 MiB, and no folder of more than 1,000 files', async () => {
    make('w1', 'workload/web-1.ndjson');
    truncateSync(at('w1', 'workload/web-1.ndjson'), 64 * mebibyte + 1);
    make('w1', 'workload/web-2.ndjson');
    for (let index = 0; index <= 1000; index++) make('w2', `workload/flood-${index}.ndjson`);
    assert.deepEqual((await collect()).sort(), [
      'w1: workload/web-1.ndjson: 67108865 bytes, more than the limit of 67108864',
      'w2: workload/: more than 1000 files',
    ]);
    assert.deepEqual(await collected(), ['workload/web-2.ndjson']);
  });

  it('copies no more than the total limit, to which sparse files count by their apparent size', async () => {
    for (const name of ['web-1', 'web-2', 'web-3']) make('w1', `workload/${name}.ndjson`);
    truncateSync(at('w1', 'workload/web-2.ndjson'), 2 * mebibyte);
    assert.deepEqual(await collect(mebibyte), [
      'w1: workload/web-2.ndjson: 2097152 bytes, more than the limit of 1048573',
    ]);
    assert.deepEqual(await collected(), ['workload/web-1.ndjson', 'workload/web-3.ndjson']);
  });

  it('stops at its time limit without an error, and leaves no partial file', async () => {
    make('w1', 'workload/web-1.ndjson', 'x'.repeat(mebibyte));
    stopping.abort(new Error('not within 120 s'));
    assert.match((await collect()).join(), /^w1: workload\/web-1\.ndjson: /);
    assert.deepEqual(await collected(), []);
  });

  it('continues if nothing can be written to the recording', async () => {
    make('w1', 'workload/web-1.ndjson');
    make('cp', 'conntrack.log');
    writeFileSync(join(recording(), 'workload'), 'in the way');
    assert.equal((await collect()).length, 1);
    assert.ok(existsSync(join(recording(), 'conntrack.log')));
  });
});
