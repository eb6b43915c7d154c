import assert from 'node:assert/strict';
import type { Demand } from '../model/experiment.ts';
import { experimentIdentity } from '../model/experiment-identity.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { type Essence, essenceOf } from '../testing/golden-tools/golden-summary.ts';
import type { Files } from '../testing/worlds/files.ts';
import type { RolloutWorld } from '../testing/worlds/rollout.ts';
import { armSettings, runFiles, syntheticArm, withFolder } from '../testing/worlds/run-files.ts';
import { judgeRun } from './judge.ts';

/** The end of a rollout: three new replicas and no old one. */
const demands: readonly Demand[] = [
  { kind: 'running-at-end', atLeast: 3, revision: 'new' },
  { kind: 'running-at-end', atLeast: 0, revision: 'old' },
];

const recorded = (change: (world: RolloutWorld) => void): Files =>
  runFiles(
    (['control', 'treatment', 'neither'] as const).map((name) =>
      syntheticArm(name, armSettings[name], {
        seed: 5,
        demands: name === 'treatment' ? demands : [],
        more(world) {
          change(world);
          return [];
        },
      }),
    ),
  );
const judged = (files: Files): Promise<Essence> =>
  withFolder(files, async (folder) => essenceOf(await judgeRun(folder)));

const labelled = recorded(() => {});

/** The run as an older holdfast recorded it, which knew the versions of pods and no revisions. */
function older(files: Files): Files {
  const aged = (text: string): string =>
    text.replaceAll('"revision":"new"', '"version":"2"').replaceAll('"revision":"old"', '"version":"1"');
  const plan = JSON.parse(aged(files['plan.json']?.join('') ?? '')) as { experiments: [ExperimentPlan] };
  const experiment = experimentIdentity(plan.experiments[0]);
  const own = (path: string, line: string): string => {
    if (path === 'plan.json') return JSON.stringify(plan);
    if (path.endsWith('arm.json')) return JSON.stringify({ ...JSON.parse(aged(line)), experiment });
    if (!path.endsWith('events.ndjson')) return line;
    return line.replace(/"revision":"\w+",/, '').replace(/"from":"\w+"/, '"from":"v1","to":"v2"');
  };
  return Object.fromEntries(Object.entries(files).map(([path, lines]) => [path, lines.map((line) => own(path, line))]));
}

describe('the judge of a rollout', () => {
  it('needs no label `version`', async () => {
    const expected = await judged(labelled);
    assert.equal(expected.verdict, 'pass', JSON.stringify(expected, null, 2));
    const unlabelled = recorded(({ pods }) => {
      for (const pod of pods) Object.assign(pod, { version: '' });
    });
    assert.doesNotMatch(JSON.stringify(unlabelled), /"version\\":\\"v|\\"v[12]\\"\]/);
    assert.deepEqual(await judged(unlabelled), expected);
  });

  it('does not take the label `version` for a revision', async () => {
    const same = recorded(({ pods }) => {
      for (const pod of pods) Object.assign(pod, { version: '1' });
    });
    assert.deepEqual(await judged(same), await judged(labelled));
  });

  it('takes the versions in an older recording for revisions, and knows its experiment', async () => {
    const now = older(labelled);
    assert.doesNotMatch(JSON.stringify(now), /revision/);
    const { experiments } = await judged(now);
    const words = (essence: object) => JSON.stringify(essence).replaceAll(/of revision \w+/g, 'of revision');
    assert.equal(words(experiments), words((await judged(labelled)).experiments));
  });
});
