import assert from 'node:assert/strict';
import fs, {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exec } from '../../sys/exec.ts';
import { FakeLab } from '../testing/lab.ts';
import type { Action } from './action.ts';
import { healFrom } from './heal.ts';
import { Journal, openActions } from './journal.ts';
import { publicJournal } from './public-journal.ts';

const namespace = (name: string): Action => ({ kind: 'namespace', namespace: `holdfast-${name}` });
const progress = { plan() {}, note() {}, now() {}, step: <T>(_title: string, work: () => Promise<T>) => work() };

describe('a journal', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-journal-'));
    path = join(folder, 'deeper', 'journal.ndjson');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const names = () =>
    openActions(path).map(({ action }) => (action.kind === 'namespace' ? action.namespace : action.kind));

  it('holds open actions, and is removed when there are none', () => {
    const journal = new Journal(path);
    const first = journal.begin(namespace('a'));
    const second = journal.begin(namespace('b'));
    journal.undone(first);
    assert.deepEqual(names(), ['holdfast-b']);
    journal.close();
    assert.ok(existsSync(path));
    const next = new Journal(path);
    assert.ok(next.begin(namespace('c')) > second);
    for (const { seq } of openActions(path)) next.undone(seq);
    next.close();
    assert.ok(!existsSync(path));
  });

  it('ignores a last line that was cut off, because its action was never done', () => {
    new Journal(path).begin(namespace('a'));
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, whole.slice(0, whole.length / 2));
    assert.deepEqual(names(), ['holdfast-a']);
  });

  it('continues after a last line that was cut off anywhere', () => {
    const whole = () => readFileSync(path, 'utf8');
    new Journal(path).begin(namespace('a'));
    const line = whole().replace('"seq":1', '"seq":2').replace('holdfast-a', 'holdfast-b');
    for (const length of [1, line.length / 2, line.length - 1]) {
      writeFileSync(path, `${line.replace('"seq":2', '"seq":1')}${line.slice(0, length)}`);
      const open = openActions(path);
      const journal = new Journal(path);
      for (const { seq } of open) journal.undone(seq);
      journal.begin(namespace('c'));
      assert.deepEqual(names(), ['holdfast-c'], `cut after ${length}`);
    }
  });

  it('is refused if holdfast did not write one of its lines', () => {
    new Journal(path).begin(namespace('a'));
    for (const line of ['rm -rf /', '{"seq":2,"deed":{"kind":"run","command":"reboot"}}', '{"seq":2}']) {
      writeFileSync(path, `${line}\n${readFileSync(path, 'utf8').split('\n').at(-2)}\n`);
      assert.throws(() => openActions(path), /journal\.ndjson:1: not a line of a journal/);
    }
  });

  const unit = { kind: 'unit', node: 'w1', unit: 'holdfast-rules' };
  const owner = { kind: 'StatefulSet', name: 'db' } as const;
  const inject = { kind: 'inject', id: 'it', fault: 'cordon', namespace: 'a', owner, plan: {} };
  const foreign: { readonly [what: string]: object } = {
    'a namespace that is not ours': { kind: 'namespace', namespace: 'kube-system' },
    'a namespace with a newline': { kind: 'namespace', namespace: 'holdfast-x\n' },
    'a namespace of helpers that is not ours': {
      kind: 'namespace',
      namespace: 'holdfast-x',
      helpersNamespace: 'kube-system',
    },
    'a path that starts with dots': { kind: 'evidence', evidencePath: '../../etc' },
    'a path with dots in the middle': { kind: 'evidence', evidencePath: 'run/../../etc' },
    'an absolute path': { kind: 'evidence', evidencePath: '/etc' },
    'a path with a newline': { kind: 'evidence', evidencePath: 'run\n' },
    'a path with a command': { kind: 'evidence', evidencePath: 'run; reboot' },
    'an unknown kind': { kind: 'conntrack', node: 'a' },
    'a kind named like a property of every object': { kind: '__proto__', node: 'a' },
    'a unit that is not ours': { ...unit, unit: 'kubelet' },
    'a node that is an option': { ...unit, node: '--privileged' },
    'a node with a command': { ...unit, node: 'a; reboot' },
    'an additional field': { ...unit, command: 'reboot' },
    'a namespace that is a path': { ...inject, namespace: '../a' },
    'no plan': { kind: 'inject', id: 'it', fault: 'cordon', namespace: 'a', owner },
    'an injection without an owner': { kind: 'inject', id: 'it', fault: 'cordon', namespace: 'a', plan: {} },
    'an owner of another kind': { ...inject, owner: { kind: 'DaemonSet', name: 'db' } },
    'an owner that is a path': { ...inject, owner: { ...owner, name: '../db' } },
    'an owner and a Deployment': { ...inject, deployment: 'web' },
  };
  for (const [what, action] of Object.entries(foreign)) {
    it(`refuses ${what}`, () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify({ seq: 1, deed: action })}\n`);
      assert.throws(() => openActions(path), /journal\.ndjson:1: not a line of a journal/);
    });
  }

  const plans: { readonly [what: string]: readonly [string, object] } = {
    'a gateway with a command': ['network-card-down', { nodes: [{ name: 'w1', gateway: '1.2.3.4; reboot' }] }],
    'another taint': ['node-taint', { nodes: [{ name: 'w1' }], effect: 'NoExecute', key: 'a', pods: [] }],
    'another URL': [
      'out-of-memory',
      {
        pods: [{ name: 'p', node: 'w1', container: 'a'.repeat(64), restarts: 0, url: 'http://x/' }],
        endedBy: 'OOMKilled',
      },
    ],
    'an option instead of a container': [
      'process-kill',
      { pods: [{ name: 'p', node: 'w1', container: '--all', restarts: 0 }], endedBy: 'SIGKILL' },
    ],
    'a command in its plan': ['cordon', { nodes: [], command: 'reboot' }],
  };
  for (const [what, [fault, plan]] of Object.entries(plans)) {
    it(`heals nothing with ${what}`, async () => {
      const lab = new FakeLab(folder, 'run');
      mkdirSync(dirname(path), { recursive: true });
      const action = { kind: 'inject', id: 'it', fault, namespace: 'a', owner, plan };
      writeFileSync(path, `${JSON.stringify({ seq: 1, deed: action })}\n`);
      const [error] = await healFrom(path, lab, progress);
      assert.match(error?.message ?? '', /^undo: heal /);
      assert.deepEqual(lab.commands, []);
      assert.equal(openActions(path).length, 1);
    });
  }

  it('must be a regular file: links, pipes and large files are refused without waiting', async () => {
    mkdirSync(dirname(path), { recursive: true });
    await exec('mkfifo', [path]);
    assert.throws(() => openActions(path), /journal\.ndjson: not a regular file/);
    assert.throws(() => new Journal(path), /journal\.ndjson: not a regular file/);
    await rm(path);
    symlinkSync('/etc/passwd', path);
    assert.throws(() => openActions(path), /journal\.ndjson: a link/);
    assert.throws(() => new Journal(path), /journal\.ndjson: a link/);
    await rm(path);
    writeFileSync(path, '');
    truncateSync(path, 5 * 1024 ** 3);
    assert.throws(() => openActions(path), /journal\.ndjson: 5368709120 bytes, more than/);
  });

  it('is readable only by its owner, and so is its folder', () => {
    mkdirSync(dirname(path));
    chmodSync(dirname(path), 0o777);
    new Journal(path).begin(namespace('a'));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  });

  if (process.getuid?.() === 0)
    it('is refused if another user wrote it', () => {
      new Journal(path).begin(namespace('a'));
      chownSync(path, 65534, 65534);
      assert.throws(() => openActions(path), /journal\.ndjson: it belongs to user 65534, but holdfast runs as user 0/);
      chownSync(dirname(path), 65534, 65534);
      assert.throws(() => new Journal(path), /belongs to user 65534/);
    });

  it('writes an intent, and that it was undone, to disk before it returns', () => {
    const journal = new Journal(path);
    const { fsyncSync } = fs;
    const synced: number[] = [];
    fs.fsyncSync = (fd) => {
      fsyncSync(fd);
      synced.push(readFileSync(path, 'utf8').split('\n').length - 1);
    };
    syncBuiltinESMExports();
    try {
      journal.undone(journal.begin(namespace('a')));
    } finally {
      fs.fsyncSync = fsyncSync;
      syncBuiltinESMExports();
    }
    assert.deepEqual(synced, [1, 2]);
  });

  it('continues after a full disk cut a line', async () => {
    // The limit of the shell on file sizes simulates a disk of 1 KiB. The trap makes the write fail instead of the
    // process.
    const script = `
      const { Journal, openActions } = await import(process.argv[1]);
      const journal = new Journal(process.argv[2]);
      const done = [];
      try {
        for (;;) done.push(journal.begin({ kind: 'namespace', namespace: 'holdfast-' + 'x'.repeat(200) }));
      } catch (error) {
        console.log(error.code, done.length);
      }
      journal.undone(1);
      console.log(openActions(process.argv[2]).length);`;
    const module = new URL('journal.ts', import.meta.url).pathname;
    const limited = 'trap "" XFSZ; ulimit -f 2; exec "$@"';
    const node = [process.execPath, '--input-type=module', '--eval', script, module, path];
    const { stdout } = await exec('sh', ['-c', limited, 'sh', ...node], { env: { NODE_COMPILE_CACHE: '' } });
    assert.equal(stdout, 'EFBIG 3\n2');
  });

  it('can be read if an older version wrote it', () => {
    mkdirSync(dirname(path), { recursive: true });
    const action = { kind: 'inject', id: 'it', fault: 'rollback', namespace: 'a' };
    const older = { ...action, deployment: 'web', plan: { deployment: 'web', patch: {} } };
    writeFileSync(path, `${JSON.stringify({ at: 1, seq: 1, deed: older })}\n{"at":2,"undone":7}\n`);
    const web = { kind: 'Deployment', name: 'web' };
    const upgraded = { ...action, owner: web, plan: { owner: web, patch: {} } };
    assert.deepEqual(openActions(path), [{ seq: 1, action: upgraded }]);
  });

  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'a' } };
  const scaled = { from: 2, to: 5, before: ['web-1', 'web-2'], pending: false };
  const rolledOut = { generation: 1, from: '1', to: '2', oldPods: ['web-1'] };
  const olderPlans: { readonly [fault: string]: readonly [plan: object, healed: object] } = {
    scale: [{ deployment: 'web', ...scaled }, { spec: { replicas: 2 } }],
    recreate: [
      {
        deployment: 'web',
        ...rolledOut,
        before: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
      },
      { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } } },
    ],
  };
  for (const [fault, [plan, healed]] of Object.entries(olderPlans)) {
    it(`of an older version that names a Deployment is healed: ${fault}`, async () => {
      const lab = new FakeLab(folder, 'run');
      lab.kube.objects.set('Deployment/a/web', deployment);
      const patched: unknown[] = [];
      lab.kube.patch = async (ref, patch) => void patched.push([ref.kind, ref.namespace, ref.name, patch]);
      mkdirSync(dirname(path), { recursive: true });
      const older = { kind: 'inject', id: 'it', fault, namespace: 'a', deployment: 'web', plan };
      writeFileSync(path, `${JSON.stringify({ at: 1, seq: 1, deed: older })}\n`);
      const lines = publicJournal(path);
      assert.deepEqual(JSON.parse(lines).deed.plan.owner, { kind: 'Deployment', name: 'web' });
      assert.deepEqual(await healFrom(path, lab, progress), []);
      assert.deepEqual(patched, [['Deployment', 'a', 'web', healed]]);
      assert.ok(!existsSync(path));
    });
  }

  it('is recorded without the values of patches', () => {
    const journal = new Journal(path);
    const cluster = { context: 'c', server: 's', caSha256: 'a', kubeSystemUid: 'u' };
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' };
    const changes = [{ path: ['spec', 'env'], before: 'hunter2-old', after: 'hunter2-new' }];
    journal.begin({ kind: 'patch', cluster, ref, changes });
    journal.undone(journal.begin(namespace('a')));
    const plan = { nodes: [{ name: 'w1', wasCordoned: false }], token: 'hunter2' };
    const rest = { id: 'it', namespace: 'a', owner, plan };
    for (const fault of ['cordon', 'nonesuch', 'constructor']) journal.begin({ kind: 'inject', fault, ...rest });
    const lines = publicJournal(path).trim().split('\n');
    assert.doesNotMatch(lines.join(), /hunter2/);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).deed?.plan),
      [undefined, undefined, undefined, { nodes: plan.nodes }, null, null],
    );
    assert.match(lines[0] ?? '', /undo the patch of Deployment shop\/web/);
    assert.equal(publicJournal(join(folder, 'none', 'journal.ndjson')), '');
  });

  it('heals its actions, last in, first out, and is removed afterwards', async () => {
    const lab = new FakeLab(folder, 'run');
    const removed: string[] = [];
    const remove = lab.kube.remove.bind(lab.kube);
    lab.kube.remove = async (ref) => {
      removed.push(ref.name);
      await remove(ref);
    };
    const journal = new Journal(path);
    journal.begin(namespace('a'));
    journal.begin(namespace('b'));
    assert.deepEqual(await healFrom(path, lab, progress), []);
    assert.deepEqual(removed, ['holdfast-b', 'holdfast-a']);
    assert.ok(!existsSync(path));
  });

  it('removes the namespace of an arm and the namespace of its helpers, and records both', async () => {
    const lab = new FakeLab(folder, 'run');
    const names = { namespace: 'holdfast-a', helpersNamespace: 'holdfast-a-helpers' };
    for (const name of [...Object.values(names), 'holdfast-b'])
      await lab.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const journal = new Journal(path);
    journal.begin({ kind: 'namespace', ...names });
    assert.deepEqual(JSON.parse(publicJournal(path)).deed, { kind: 'namespace', ...names });
    assert.deepEqual(await healFrom(path, lab, progress), []);
    assert.deepEqual([...lab.kube.objects.keys()], ['Namespace//holdfast-b']);
  });

  it('keeps actions that could not be undone', async () => {
    const lab = new FakeLab(folder, 'run');
    lab.assertOurs = () => Promise.reject(new Error('its node containers differ'));
    new Journal(path).begin(namespace('a'));
    const [error] = await healFrom(path, lab, progress);
    assert.match(error?.message ?? '', /remove namespace holdfast-a: its node containers differ/);
    assert.deepEqual(names(), ['holdfast-a']);
  });
});
