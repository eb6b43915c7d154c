import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalFile } from '../../clusters/cluster/state.ts';
import { FakeEngine } from '../../clusters/engine/testing/fake-engine.ts';
import { causeOrder } from '../model/cause.ts';
import { Journal } from '../record/undo/journal.ts';
import { CommandFolder, type Ended } from './testing/command-folder.ts';

const schemaOf = ({ document }: { readonly document: { readonly schema: string } }) => document.schema;

/** Asserts a usage error: exit code 2, nothing on stdout, and these words on stderr. */
function assertRefused({ exitCode, stdout, stderr }: Ended, words: RegExp): void {
  assert.match(stderr, words);
  assert.equal(stdout, '');
  assert.equal(exitCode, 2);
}

describe('commands', function () {
  this.timeout(60_000);
  let folder: CommandFolder;
  beforeEach(() => {
    folder = new CommandFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  it('print the version, and refuse unknown commands and options', async () => {
    const [version, command, option] = await Promise.all([
      folder.run('--version'),
      folder.run('meteor'),
      folder.run('runs', 'list', '--meteor'),
    ]);
    assert.deepEqual(version, { exitCode: 0, stdout: version.stdout, stderr: '' });
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assertRefused(command, /^error: unknown command 'meteor'\nSee \.\/holdfast --help\n$/);
    assertRefused(option, /^error: unknown option '--meteor'\nSee \.\/holdfast runs list --help\n$/);
    assert.deepEqual(folder.files(), []);
  });

  it('list and describe everything that exists', async () => {
    const [causes, cause, unknown, kind] = await Promise.all([
      folder.json('list', 'causes'),
      folder.json('describe', 'cause', 'no-endpoint'),
      folder.json('describe', 'fault', 'meteor'),
      folder.run('list', 'meteors'),
    ]);
    assert.equal(schemaOf(causes), 'holdfast.causes/1');
    assert.deepEqual(
      causes.document.causes.map(({ name }: { name: string }) => name),
      causeOrder,
    );
    assert.equal(cause.exitCode, 0);
    assert.deepEqual(cause.document.causes, [
      causes.document.causes.find(({ name }: { name: string }) => name === 'no-endpoint'),
    ]);
    const { message, ...error } = unknown.document;
    assert.deepEqual(error, { schema: 'holdfast.error/1', code: 'usage', exitCode: 2 });
    assert.equal(unknown.stderr, `holdfast: ${message}\n`);
    assertRefused(kind, /unknown command 'meteors'/);
  });

  it('plan an experiment, as text and as JSON, and refuse one that does not exist', async () => {
    const [text, json, unknown] = await Promise.all([
      folder.run('plan', 'rolling-update', '--seed', 'a'),
      folder.json('plan', 'rolling-update', '--seed', 'a', '--arm', 'treatment'),
      folder.run('plan', 'meteor'),
    ]);
    assert.match(text.stdout, /^rolling-update: /);
    assert.deepEqual([text.exitCode, text.stderr], [0, '']);
    assert.equal(schemaOf(json), 'holdfast.planned/2');
    assert.equal(json.document.seed, 'a');
    assert.deepEqual(
      json.document.experiments[0].arms.map(({ name }: { name: string }) => name),
      ['treatment'],
    );
    assertRefused(unknown, /^holdfast: .*meteor/);
    assert.deepEqual(folder.files(), []);
  });

  it('include init, which writes a first experiment only once', async () => {
    const written = ['first-experiment.ts', 'package.json', 'tsconfig.json'];
    const first = await folder.json('init', 'mine');
    assert.equal(first.exitCode, 0);
    assert.equal(schemaOf(first), 'holdfast.init/1');
    assert.deepEqual(first.document.written, written);
    assert.match(first.document.planCommand, / plan \.\/mine\/first-experiment\.ts$/);
    assert.deepEqual(folder.files('mine'), written);
    assertRefused(await folder.run('init', 'mine'), /^holdfast: mine\/first-experiment\.ts exists already\n$/);
  });

  it('list, judge, report and prune runs', async () => {
    const id = '20260101T000000Z-drain-budget-abcdef';
    const run = folder.addRun(id, 'drain-budget-held');
    const [notJudged, before] = await Promise.all([folder.run('report', run), folder.json('runs', 'list')]);
    assertRefused(notJudged, /findings\.json: the run was not judged\. Judge it: \.\/holdfast judge \/.*-abcdef\n$/);
    assert.equal(schemaOf(before), 'holdfast.runs/1');
    assert.equal(before.document.runs[0].verdict, 'not judged');

    const recorded = folder.files('runs', id);
    const judged = await folder.run('judge', id);
    assert.equal(judged.exitCode, 3);
    assert.match(judged.stdout, /\ninconclusive: .*, exit 3\)\n$/);
    assert.match(judged.stderr, /was not judged before/);
    const reports = ['findings.json', 'junit.xml', 'report.html', 'report.json', 'summary.json'];
    assert.deepEqual(folder.files('runs', id), [...recorded, ...reports].sort());

    const [report, failed, list] = await Promise.all([
      folder.json('report', id),
      folder.run('requests', '--failed', id),
      folder.run('runs', 'list'),
    ]);
    assert.equal(report.exitCode, 0);
    assert.equal(report.stdout, readFileSync(join(run, 'report.json'), 'utf8'));
    assert.equal(schemaOf(report), 'holdfast.report/2');
    assert.deepEqual([failed.exitCode, failed.stdout, failed.stderr], [0, '', '']);
    assert.match(list.stdout, new RegExp(`^${id}  inconclusive +0\\.\\d MB  \\S.*\\n$`));

    const [pruned, wrong] = await Promise.all([
      folder.json('runs', 'prune', '--keep', '0'),
      folder.run('runs', 'prune', '--keep', 'few'),
    ]);
    assert.equal(schemaOf(pruned), 'holdfast.pruned/1');
    assert.deepEqual(
      pruned.document.removed.map((each: { id: string }) => each.id),
      [id],
    );
    assertRefused(wrong, /argument 'few' is invalid\. Expected a whole number\./);
    assert.deepEqual(folder.files('runs'), []);
  });

  it('print requests, one document per line', async () => {
    folder.addRun('20260101T000000Z-synthetic-abcdef', 'synthetic-no-port');
    const [all, unknown, arm] = await Promise.all([
      folder.run('requests', '20260101T000000Z-synthetic-abcdef', '--json'),
      folder.json('requests', 'no-such-run'),
      folder.run('requests', '20260101T000000Z-synthetic-abcdef', '--arm', 'meteor'),
    ]);
    assertRefused(arm, /^holdfast: run \S+ has no arm meteor\. Arms: world\n$/);
    const rows = all.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(rows.length > 600);
    assert.ok(rows.every(({ schema, arm, code }) => schema === 'holdfast.request/1' && arm === 'world' && code >= 0));
    assert.equal(unknown.exitCode, 2);
    assert.equal(unknown.document.code, 'usage');
  });

  it('print failed requests, and what their evidence is about', async () => {
    const id = '20260101T000000Z-synthetic-fedcba';
    folder.addRun(id, 'synthetic-rollout-over-a-slow-network');
    await folder.run('judge', id);
    const { stdout } = await folder.run('requests', '--failed', id);
    assert.match(stdout, /^ {4}\S+ web-old-\d: it closed its listener \(its own log\)$/m);
    assert.match(stdout, /^ {4}\S+ conntrack: \S+ was routed to \S+ \(web-old-\d\)$/m);
  });

  it('judge several runs, and print their verdicts as one document', async () => {
    const ids = ['20260101T000000Z-one-aaaaaa', '20260101T000000Z-two-bbbbbb'];
    for (const id of ids) folder.addRun(id, 'synthetic-no-port');
    const [judged, unknown] = await Promise.all([folder.json('judge', ...ids), folder.run('judge', 'no-such-run')]);
    assert.equal(judged.exitCode, 3);
    assert.equal(schemaOf(judged), 'holdfast.judgements/1');
    assert.deepEqual(
      judged.document.judgements.map((each: { folder: string; verdict: string }) => [each.folder, each.verdict]),
      ids.map((id) => [join(folder.runs, id), 'inconclusive']),
    );
    assert.equal(judged.stderr, '');
    assertRefused(unknown, /^holdfast: no run no-such-run in /);
  });

  it('refuse invalid faults and targets', async () => {
    const [fault, params, unconfirmed, system, both] = await Promise.all([
      folder.json('inject', 'meteor'),
      folder.run('inject', 'drain', '--params', '{"nodes":{"pick":"most"}}'),
      folder.run('inject', 'evict', '--context', 'shop', '--namespace', 'shop', '--deployment', 'web'),
      folder.run(
        ...['inject', 'evict', '--context', 'shop', '--i-know-this-cluster'],
        ...['--namespace', 'kube-system', '--deployment', 'coredns'],
      ),
      folder.run(
        ...['inject', 'evict', '--context', 'shop', '--i-know-this-cluster'],
        ...['--namespace', 'shop', '--deployment', 'web', '--statefulset', 'db'],
      ),
    ]);
    assert.deepEqual([fault.exitCode, fault.document.code], [2, 'usage']);
    assertRefused(params, /^holdfast: --params .*: drain: nodes\.pick: /);
    assertRefused(unconfirmed, /^holdfast: context shop is not a cluster that holdfast created/);
    assertRefused(system, /^holdfast: namespace kube-system belongs to Kubernetes/);
    assertRefused(both, /^holdfast: name one workload: either --deployment or --statefulset/);
    assert.deepEqual(folder.files(), []);
  });
});

describe('commands on a machine without a cluster', function () {
  this.timeout(60_000);
  let engine: FakeEngine;
  let folder: CommandFolder;
  beforeEach(() => {
    engine = new FakeEngine();
    folder = new CommandFolder(engine.env);
  });
  afterEach(() => {
    folder[Symbol.dispose]();
    engine[Symbol.dispose]();
  });

  it('report that there is none, and how to create it', async () => {
    const [status, text, heal] = await Promise.all([
      folder.json('cluster', 'status'),
      folder.run('cluster', 'status'),
      folder.json('heal'),
    ]);
    assert.deepEqual(
      { ...status.document },
      { schema: 'holdfast.cluster/1', cluster: 'holdfast', exists: false, clean: false, problems: [] },
    );
    assert.deepEqual([status.exitCode, status.stderr], [4, '']);
    assert.deepEqual(text, {
      exitCode: 4,
      stdout: 'There is no cluster holdfast. Create it: ./holdfast cluster up\n',
      stderr: '',
    });
    assert.deepEqual([heal.exitCode, heal.document.code], [4, 'failed']);
    assert.match(heal.stderr, /^holdfast: There is no cluster holdfast\. /);
  });

  it('refuse to inject while changes of a crashed run are not undone, and change nothing', async () => {
    const before = process.env.XDG_STATE_HOME;
    process.env.XDG_STATE_HOME = folder.state;
    try {
      new Journal(journalFile('holdfast')).begin({ kind: 'namespace', namespace: 'holdfast-a' });
    } finally {
      if (before === undefined) delete process.env.XDG_STATE_HOME;
      else process.env.XDG_STATE_HOME = before;
    }
    const { exitCode, document, stderr } = await folder.json('inject', 'rollout', '--no-install');
    assert.equal(exitCode, 4);
    assert.equal(document.code, 'changes-left');
    assert.match(
      stderr,
      /^holdfast: cluster holdfast is not clean: .* left 1 change to undo\. Undo: \.\/holdfast heal\n$/,
    );
    assert.deepEqual(engine.log(), []);
  });

  it('check the machine, and exit with an error if it cannot run a lab', async () => {
    const [{ document, exitCode }, lab] = await Promise.all([
      folder.json('doctor'),
      folder.run('lab', 'export', 'lab.tar.zst'),
    ]);
    assert.equal(document.schema, 'holdfast.doctor/1');
    const isMissing = document.lines.some(({ state }: { state: string }) => state === 'missing');
    assert.equal(exitCode, isMissing ? 4 : 0);
    const found = document.lines.find(({ name }: { name: string }) => name === 'engine');
    assert.deepEqual(found, { name: 'engine', state: 'ok', detail: 'Docker 27.0, overlay2, cgroup v2' });
    // Nothing is built yet, so every Go program is named.
    const go = document.lines.find(({ name }: { name: string }) => name === 'Go');
    assert.match(go.detail, /^(none; |go\d\S* at \/\S+\/go).* compile.* etcd, .*kind, k6/);
    assert.deepEqual([lab.exitCode, lab.stdout], [4, '']);
    assert.match(lab.stderr, /is not built yet\. Build it first: \.\/holdfast lab build\n$/);
    assert.ok(!folder.files().includes('lab.tar.zst'));
  });
});
