import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { judgeRun } from '../../judge/judge.ts';
import type { Files } from '../../judge/synthetic/arm-files.ts';
import { armSettings, runFiles, syntheticArm, withFolder } from '../../judge/synthetic/run-files.ts';
import { cutGolden } from './cut.ts';

/** What must not be found in a golden recording. */
const secrets = ['build-host-17', '/home/ada/', '6.18.99-secret', 'c0ffee', '4dbf9f0c-3f0d-4a51-8a2e-0f7b1e4f7a11'];

/** A run of a machine that tells of itself, everywhere. */
function run(): Files {
  const arms = (['control', 'treatment', 'neither'] as const).map((name) => syntheticArm(name, armSettings[name], { seed: 2 }));
  const files = runFiles(arms);
  const edited = Object.entries(files).map(([path, lines]): [string, string[]] => [
    path,
    lines.map((line) =>
      line
        .replaceAll('"worker"', '"build-host-17"')
        .replaceAll('uid-treatment-web-old-0', secrets[4] ?? '')
        .replace('"leftOut":[]', '"leftOut":["/home/ada/holdfast/runs/x: not a file"]')
        .replace('"errors":[]', '"errors":[],"leftOut":["/home/ada/runs/log"]')
        .replaceAll('"commit":"0000000000000000000000000000000000000000"', '"commit":"c0ffee"')
        .replaceAll('"kernel":"6.18"', '"kernel":"6.18.99-secret"'),
    ),
  ]);
  return { ...Object.fromEntries(edited), 'rolling-update/treatment/logs/kubelet.log': ['on build-host-17'] };
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

  it('tells what happened, and not on which machine', () =>
    withFolder(run(), async (folder) => {
      const before = await textBelow(folder);
      for (const secret of secrets) assert.ok(before.includes(secret), secret);
      const essence = await cutGolden(folder, target, []);
      const text = await textBelow(target);
      for (const secret of secrets) assert.ok(!text.includes(secret), secret);
      assert.ok(!text.includes('kubelet.log'));
      assert.match(text, /"node":"node-1"/);
      assert.equal(essence.verdict, 'pass');
      const [before2, after] = [await judgeRun(folder), await judgeRun(target)];
      const counts = (findings: typeof after) =>
        findings.experiments.flatMap(({ arms }) => arms.map(({ name, verdict, requests }) => [name, verdict, requests.byCause]));
      assert.deepEqual(counts(after), counts(before2));
      assert.deepEqual(JSON.parse(await readFile(join(target, 'expected.json'), 'utf8')), essence);
    }));

  it('holds the arms that were named', () =>
    withFolder(run(), async (folder) => {
      const { experiments } = await cutGolden(folder, target, ['neither']);
      assert.deepEqual(experiments.flatMap(({ arms }) => arms.map(({ name }) => name)), ['neither']);
      assert.deepEqual(await readdir(join(target, 'rolling-update')), ['neither']);
      await assert.rejects(() => cutGolden(folder, target, []), /is there already/);
      await assert.rejects(() => cutGolden(folder, `${target}2`, ['nobody']), /no arm nobody in .*control, treatment/);
    }));

  it('is not cut from a damaged run, and leaves nothing behind', () =>
    withFolder(run(), async (folder) => {
      await appendFile(join(folder, 'rolling-update/treatment/events.ndjson'), '{"at":1');
      await assert.rejects(() => cutGolden(folder, target, []), /is damaged.*events\.ndjson:\d+: cut off in the middle of a line/);
      assert.deepEqual(await readdir(join(target, '..')), []);
    }));
});
