import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { judgeRun } from '../../judge/judge.ts';
import type { ArmFile } from '../../model/arm-file.ts';
import type { PlannedWorkload, RunPlan } from '../../model/plan.ts';
import { UsageError } from '../../model/usage-error.ts';
import { replanned } from '../damages/arm-json.ts';
import { belongingTo } from '../worlds/arm-json.ts';
import type { Files } from '../worlds/files.ts';
import { armSettings, belongingOf, runFiles, syntheticArm, withFolder } from '../worlds/run-files.ts';
import { cutGolden } from './cut.ts';

/** Text that must not be in a golden recording. */
const secrets = [
  'build-host-17',
  '/home/ada/',
  '6.18.99-secret',
  'c0ffee',
  '4dbf9f0c-3f0d-4a51-8a2e-0f7b1e4f7a11',
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `TOKEN${number}`),
  'corp.example',
  'ada@',
  '10.20.30.40',
  '192.168.7.9',
  'fd12:3456:789a',
  '02:42:ac:11:00:02',
];

/** Text that a user typed, and unknown fields of a plan. */
function tellTale(text: string): string {
  const plan = JSON.parse(text);
  return JSON.stringify({
    ...plan,
    run: 'TOKEN1',
    seed: 'TOKEN2',
    settings: { TOKEN3: 'TOKEN4' },
    command: ['TOKEN4'],
    note: 'TOKEN5',
    host: { ...plan.host, owner: 'TOKEN5', node: '24.21.0 on TOKEN5' },
    lab: {
      ...plan.lab,
      engine: 'docker 28.5.1 at tcp://build.corp.example, TOKEN6',
      cni: 'ptp, TOKEN6',
      cgroup: 'v2 TOKEN6',
      nodeTimings: 'TOKEN6',
      schedulerProfiles: ['TOKEN6', 'default-scheduler'],
      sysctls: { 'kernel.hostname': 'TOKEN6', TOKEN6: '1', 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '3' },
      mirror: 'TOKEN6',
    },
    experiments: plan.experiments.map((experiment: { arms: { name: string }[] }) => ({
      ...experiment,
      owner: 'TOKEN7',
      objects: [{ ...configMap, data: { key: 'TOKEN7' } }],
      claims: ['C19', 'TOKEN7'],
      arms: experiment.arms.map(tellTaleArm),
    })),
  });
}

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { key: 'TOKEN8' } };

/** The path of the readiness probe is in the facts and in the objects. */
function tellTaleWorkload(workload: PlannedWorkload): object {
  const { options, facts, objects, ...rest } = JSON.parse(JSON.stringify(workload).replaceAll('/ready', '/TOKEN8'));
  return {
    ...rest,
    env: { KEY: 'TOKEN8' },
    changes: [{ option: 'TOKEN8', value: 'TOKEN8' }],
    options: {
      ...options,
      startDelayMs: { value: 1500, words: 'TOKEN8' },
      drain: { value: 'TOKEN8' },
      TOKEN8: { value: 1 },
    },
    facts: { ...facts, whatComesLater: 'TOKEN8' },
    objects: [...objects, configMap],
    changedForLab: [{ object: 'Deployment web', field: 'TOKEN8', why: 'TOKEN8' }],
  };
}

const tellTaleArm = <Arm extends object>(arm: Arm): Arm => {
  const plan = arm as Arm & {
    workload: PlannedWorkload;
    lab: object;
    traffic: object;
    phases: object;
    disruptions: { fault: { params: object } }[];
  };
  return {
    ...plan,
    secretRef: 'TOKEN8',
    workload: tellTaleWorkload(plan.workload),
    lab: { ...plan.lab, owner: 'TOKEN8' },
    traffic: { ...plan.traffic, header: 'TOKEN8' },
    phases: { ...plan.phases, note: 'TOKEN8' },
    disruptions: plan.disruptions.map((each) => ({
      ...each,
      by: 'TOKEN9',
      fault: { ...each.fault, by: 'TOKEN9', params: { ...each.fault.params, key: 'TOKEN9' } },
    })),
  };
};

/** Text about the machine that a message of a cluster can contain. */
const message =
  'lookup db.corp.example on 10.20.30.40:53 from 192.168.7.9 (fd12:3456:789a::1, 02:42:ac:11:00:02): ask ada@mail.corp.example';

/** A run with text about its machine in all files. */
function run(): Files {
  const arms = (['control', 'treatment', 'neither'] as const).map((name) =>
    syntheticArm(name, armSettings[name], { seed: 2 }),
  );
  const files = runFiles(arms);
  const edited = Object.entries(files).map(([path, lines]): [string, string[]] => [
    path,
    lines
      .map((line) =>
        line
          .replaceAll('"worker"', '"build-host-17"')
          .replaceAll('uid-treatment-web-old-0', secrets[4] ?? '')
          .replace('"leftOut":[]', '"leftOut":["/home/ada/holdfast/runs/x: not a file"]')
          .replace('"errors":[]', '"errors":[],"leftOut":["/home/ada/runs/log"]')
          .replaceAll('"commit":"0000000000000000000000000000000000000000"', '"commit":"c0ffee"')
          .replaceAll('"kernel":"6.18"', '"kernel":"6.18.99-secret"')
          .replaceAll('"message":""', `"message":"${message}"`),
      )
      .map((line) =>
        path === 'plan.json' ? tellTale(line) : path.endsWith('arm.json') ? replanned(line, tellTaleArm) : line,
      ),
  ]);
  const told: Files = Object.fromEntries(edited);
  const belonging = belongingOf(JSON.parse(told['plan.json']?.join('') ?? '') as RunPlan);
  for (const [path, lines] of edited)
    if (path.endsWith('/arm.json')) told[path] = lines.map((line) => belongingTo(line, belonging));
  return { ...told, 'rolling-update/treatment/logs/kubelet.log': ['on build-host-17'] };
}

async function textBelow(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const texts = files.map(async ({ parentPath, name }) => {
    const bytes = await readFile(join(parentPath, name));
    return `${name}\n${name.endsWith('.gz') ? gunzipSync(bytes) : bytes}`;
  });
  return (await Promise.all(texts)).join('\n');
}

describe('a golden recording', () => {
  let target: string;

  beforeEach(async () => {
    target = join(await mkdtemp(join(tmpdir(), 'holdfast-golden-')), 'cut');
  });
  afterEach(() => rm(join(target, '..'), { recursive: true }));

  it('contains the events of a run, but no data about its machine', () =>
    withFolder(run(), async (folder) => {
      const before = await textBelow(folder);
      for (const secret of secrets) assert.ok(before.includes(secret), secret);
      const essence = await cutGolden(folder, target, []);
      const text = await textBelow(target);
      for (const secret of secrets) assert.ok(!text.includes(secret), secret);
      assert.ok(!text.includes('kubelet.log'));
      assert.match(text, /"node":"node-1"/);
      assert.match(
        text,
        /lookup host-\d+\.invalid on 198\.18\.0\.\d+:53 from 198\.18\.0\.\d+ \(2001:db8::\d+, 2001:db8::\d+\): ask person-1@host\.invalid/,
      );
      const {
        run: id,
        seed,
        settings,
        lab,
        experiments,
      } = JSON.parse(await readFile(join(target, 'plan.json'), 'utf8'));
      assert.deepEqual([id, seed, settings], ['20261118T112000Z-rolling-update', '0', {}]);
      assert.deepEqual(
        [lab.engine, lab.cni, lab.cgroup, lab.schedulerProfiles],
        ['docker 28.5.1', 'ptp', 'v2', ['default-scheduler']],
      );
      const { options, facts, objects } = experiments[0].arms[0].workload;
      assert.deepEqual(options, { startDelayMs: { value: 1500 }, workMs: { value: 0 }, dependency: { value: false } });
      assert.deepEqual([facts.replicas, facts.strategy.maxSurge, facts.grace, objects], [3, 1, 30, null]);
      assert.deepEqual(lab.sysctls, { 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '3' });
      assert.equal(essence.verdict, 'pass');
      const [before2, after] = [await judgeRun(folder), await judgeRun(target)];
      const counts = (findings: typeof after) =>
        findings.experiments.flatMap(({ arms }) =>
          arms.map(({ name, verdict, requests }) => [name, verdict, requests.byCause]),
        );
      assert.deepEqual(counts(after), counts(before2));
      assert.deepEqual(JSON.parse(await readFile(join(target, 'expected.json'), 'utf8')), essence);
    }));

  it('is cut in the current format from runs of older versions', async () => {
    for (const [name, id] of [
      ['rolling-update-pass', false],
      ['rolling-update-nftables', true],
    ] as const) {
      const older = join(import.meta.dirname, '..', 'golden', name);
      await cutGolden(older, target, ['neither']);
      const { schema } = JSON.parse(await readFile(join(target, 'plan.json'), 'utf8'));
      const arm = JSON.parse(await readFile(join(target, 'rolling-update/neither/arm.json'), 'utf8')) as ArmFile;
      assert.deepEqual([schema, arm.schema], ['holdfast.plan/2', 'holdfast.arm/3']);
      assert.deepEqual([arm.id !== null, arm.run !== null, arm.recorded.includes('signs-of-life')], [id, id, id]);
      assert.deepEqual([arm.plan.workload.facts.readiness, arm.plan.lab.busyWorkers], [{}, 0]);
      await rm(target, { recursive: true });
    }
  });

  it('contains only the named arms', () =>
    withFolder(run(), async (folder) => {
      const { experiments } = await cutGolden(folder, target, ['neither']);
      assert.deepEqual(
        experiments.flatMap(({ arms }) => arms.map(({ name }) => name)),
        ['neither'],
      );
      assert.deepEqual(await readdir(join(target, 'rolling-update')), ['neither']);
      await assert.rejects(() => cutGolden(folder, target, []), /already exists/);
      await assert.rejects(
        () => cutGolden(folder, `${target}2`, ['unknown']),
        /no arm unknown in .*control, treatment/,
      );
    }));

  for (const secret of [
    'Authorization: Basic YTpi',
    'sent Bearer eyJhbGciOi',
    'DB_PASSWORD=hunter2',
    'mysql --password = hunter2',
    '{\\"password\\": \\"hunter2\\"}',
    'https://x/?api_key=1',
    'url?token=abc',
    '-----BEGIN RSA PRIVATE KEY-----',
  ])
    it(`is not cut from a run that contains ${secret.replace(/hunter2|eyJ\w+|YTpi/, '…')}, and the error names file and line`, () =>
      withFolder(run(), async (folder) => {
        const file = join(folder, 'rolling-update/treatment/events.ndjson');
        const lines = (await readFile(file, 'utf8')).split('\n');
        const index = lines.findIndex((line) => line.includes(`"message":"${message}"`));
        lines[index] = lines[index]?.replace(message, secret) ?? '';
        await writeFile(file, lines.join('\n'));
        const place = new RegExp(`treatment/events\\.ndjson:${index + 1} says `);
        await assert.rejects(
          () => cutGolden(folder, target, []),
          (error) =>
            error instanceof UsageError && place.test(error.message) && !/hunter2|eyJ|YTpi/.test(error.message),
        );
        assert.deepEqual(await readdir(join(target, '..')), []);
        await cutGolden(folder, target, ['control']);
      }));

  it('is not cut from a damaged run, and no files are left', () =>
    withFolder(run(), async (folder) => {
      await appendFile(join(folder, 'rolling-update/treatment/events.ndjson'), '{"at":1');
      await assert.rejects(
        () => cutGolden(folder, target, []),
        /is damaged.*events\.ndjson:\d+: cut off in the middle of a line/,
      );
      assert.deepEqual(await readdir(join(target, '..')), []);
    }));
});
