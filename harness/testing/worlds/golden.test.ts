import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArmFile } from '../../model/arm-file.ts';
import { ArmFolder } from '../../recording/arm-folder.ts';
import { RequestsFile } from '../../recording/requests.ts';
import { sealArm } from '../../recording/seal.ts';
import { syntheticPlan, withFolder } from './run-files.ts';
import { tell } from './tell.ts';

const golden = join(import.meta.dirname, '..', 'golden');

/** One story for each cause that is in no recording of a real cluster yet. */
const told = [
  'no port',
  'no DNS',
  'every pod on a node that goes off',
  'a node cut off',
  'rollout that drops what it works on',
  'rollout over a slow network',
  'answers lost',
  'overload',
  'every pod evicted',
  'out of memory',
  'an application that fails',
] as const;

const folderOf = (story: string) => join(golden, `synthetic-${story.replaceAll(' ', '-')}`);

async function write(story: string): Promise<void> {
  const { files } = tell({ story, seed: 1, skewMs: 20, lateMs: 60 });
  const { plan: arm } = JSON.parse(files['arm.json']?.join('') ?? '') as ArmFile;
  const plan = syntheticPlan([arm]);
  const [experiment] = plan.experiments;
  const marked = {
    ...plan,
    run: `synthetic-${story.replaceAll(' ', '-')}`,
    experiments: [
      { ...experiment, name: 'synthetic', title: `Made up: ${story}`, question: 'Is its cause found?', claims: [] },
    ],
  };
  await mkdir(folderOf(story), { recursive: true });
  await writeFile(join(folderOf(story), 'plan.json'), `${JSON.stringify(marked, null, 2)}\n`);
  const folder = join(folderOf(story), 'synthetic', arm.name);
  for (const [path, lines] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), lines.map((line) => `${line}\n`).join(''));
  }
  await sealArm(folder);
  if (!existsSync(join(folderOf(story), 'expected.json')))
    await writeFile(join(folderOf(story), 'expected.json'), '{}');
}

/** Reads requests, without the fields that older versions did not record. */
async function requestsOf(folder: string): Promise<object[]> {
  const arm = new ArmFolder(folder, '');
  const requests: object[] = [];
  for await (const batch of new RequestsFile(arm, 'fresh').batches())
    for (const { connection: _, source: __, protocol: ___, ...request } of batch) requests.push(request);
  assert.deepEqual(arm.damage.list(), []);
  return requests;
}

describe('synthetic golden recordings', () => {
  for (const story of told) {
    it(`are marked as synthetic, and equal a new recording of the same story: ${story}`, async () => {
      if (process.env.RENEW_GOLDEN) await write(story);
      const plan = JSON.parse(await readFile(join(folderOf(story), 'plan.json'), 'utf8'));
      assert.match(plan.run, /^synthetic-/);
      const { files } = tell({ story, seed: 1, skewMs: 20, lateMs: 60 });
      const recorded = await requestsOf(join(folderOf(story), 'synthetic', 'world'));
      assert.ok(recorded.length > 0);
      assert.deepEqual(recorded, await withFolder(files, requestsOf));
    });
  }
});
