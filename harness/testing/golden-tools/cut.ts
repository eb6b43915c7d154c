import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { judgeRun } from '../../judge/judge.ts';
import { digestOf } from '../../model/digest.ts';
import { experimentIdentity } from '../../model/experiment-identity.ts';
import { UsageError } from '../../model/usage-error.ts';
import { ArmFolder } from '../../recording/arm-folder.ts';
import { ClockOffsets } from '../../recording/clock-offsets.ts';
import { damageInWords } from '../../recording/damage.ts';
import { readEvents } from '../../recording/events.ts';
import { readLines } from '../../recording/read-lines.ts';
import { armFiles, runFiles, streamKindOf } from '../../recording/run-folder.ts';
import { openRun } from '../../recording/run-recording.ts';
import { sealArm } from '../../recording/seal.ts';
import { asUsage } from '../../sys/files/as-usage.ts';
import { readText } from '../../sys/files/read.ts';
import { makeFolders, makeMissingFolder, makeNewFolder, removeFolder, writeWhole } from '../../sys/files/write.ts';
import { type ArmEssence, type Essence, essenceOf } from './golden-summary.ts';
import { Scrubber } from './scrub.ts';
import { scrubArmText, scrubPlan } from './scrub-plan.ts';

/** The largest size of a golden recording in the repository. */
const mostBytes = 3_000_000;
/** The largest size of one file before it is sealed and compressed. */
const mostUnpacked = 100_000_000;

/**
 * Cuts a golden recording out of a run. It holds the plan and the named arms, or all arms, without logs and without
 * data about the machine, and the expected result. Throws UsageError if the run is damaged, too large, or would be
 * judged differently after the cut.
 */
export async function cutGolden(run: string, target: string, arms: readonly string[]): Promise<Essence> {
  const { folder, plan } = openRun(run);
  const known = plan.experiments.flatMap((each) => each.arms.map(({ name }) => name));
  const unknown = arms.find((arm) => !known.includes(arm));
  if (unknown !== undefined) throw new UsageError(`no arm ${unknown} in ${run}: there are ${known.join(', ')}`);
  const scrubbed = scrubPlan(plan, (arm) => arms.length === 0 || arms.includes(arm));
  const [where, name] = [dirname(target), basename(target)];
  makeMissingFolder(where);
  if (!asUsage(where, () => makeNewFolder(where, name)))
    throw new UsageError(`${target} already exists: remove it first`);
  try {
    const scrubber = new Scrubber(await nodesOf(folder, scrubbed.experiments));
    for (const experiment of scrubbed.experiments) {
      const as = { run: scrubbed.run, experiment: experimentIdentity(experiment), profile: digestOf(scrubbed.lab) };
      for (const arm of experiment.arms)
        await cutArm(folder, target, { path: `${experiment.name}/${arm.name}`, scrubber, file: { of: plan, as } });
    }
    const lines = JSON.stringify(scrubbed, null, 2).split('\n');
    const text = lines.map((line, index) => `${scrubber.line(line, `${runFiles.plan}:${index + 1}`)}\n`);
    writeWhole(target, runFiles.plan, text.join(''));
    refuseTooLarge(target, scrubbed.experiments);
    const essence = essenceOf(await judgeRun(target));
    refuseOther(essenceOf(await judgeRun(folder)), essence);
    writeWhole(target, 'expected.json', `${JSON.stringify(essence, null, 2)}\n`);
    return essence;
  } catch (error) {
    removeFolder(where, name);
    throw error;
  }
}

type Experiments = ReturnType<typeof openRun>['plan']['experiments'];

/** Throws UsageError if any file of an arm is damaged. */
function refuseDamaged({ damage, path }: ArmFolder): void {
  const [first] = damage.list();
  if (first) throw new UsageError(`${path} is damaged, and would not be the same again: ${damageInWords(first)}`);
}

async function nodesOf(run: string, experiments: Experiments): Promise<Set<string>> {
  const nodes = new Set<string>();
  for (const { name, arms } of experiments) {
    for (const arm of arms) {
      const folder = new ArmFolder(run, `${name}/${arm.name}`);
      for await (const events of readEvents(folder, new ClockOffsets())) {
        for (const { source, name, data } of events) {
          if (source === 'node' && name !== undefined) nodes.add(name);
          const { node } = data as { readonly node?: unknown };
          if (source === 'pod' && typeof node === 'string') nodes.add(node);
        }
      }
      refuseDamaged(folder);
    }
  }
  return nodes;
}

/** Copies the streams and the plan. Other files, such as logs, are left out. */
async function cutArm(
  from: string,
  to: string,
  { path, scrubber, file }: { path: string; scrubber: Scrubber; file: Parameters<typeof scrubArmText>[2] },
): Promise<void> {
  const arm = new ArmFolder(from, path);
  makeFolders(to, `${path}/${armFiles.workload}`);
  const planPath = arm.pathOf(armFiles.plan);
  const plan = asUsage(path, () => readText(from, planPath, { maxBytes: mostBytes }));
  if (plan !== undefined) {
    const lines = scrubArmText(plan, planPath, file).split('\n');
    writeWhole(to, planPath, lines.map((line, index) => scrubber.line(line, `${planPath}:${index + 1}`)).join('\n'));
  }
  const streams = arm.files().flatMap((file) => (streamKindOf(file.path) ? file.path.replace(/\.gz$/, '') : []));
  for (const file of new Set(streams)) {
    const scrubbed: string[] = [];
    let bytes = 0;
    for await (const { first, lines } of readLines(arm, file)) {
      for (const [index, line] of lines.entries()) {
        const text = `${scrubber.line(line, `${path}/${file}:${first + index}`)}\n`;
        scrubbed.push(text);
        bytes += text.length;
      }
      if (bytes > mostUnpacked) throw new UsageError(`${path}/${file} is too long for a golden recording`);
    }
    writeWhole(to, arm.pathOf(scrubber.text(file)), scrubbed.join(''));
  }
  refuseDamaged(arm);
  await sealArm(to, path);
}

function refuseTooLarge(folder: string, experiments: Experiments): void {
  const sizes = experiments.flatMap(({ name, arms }) =>
    arms.flatMap((arm) => new ArmFolder(folder, `${name}/${arm.name}`).files().map(({ size }) => size)),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > mostBytes)
    throw new UsageError(
      `${(bytes / 1e6).toFixed(1)} MB are more than the ${mostBytes / 1e6} MB of a golden recording: name fewer arms with --arm`,
    );
}

/** Removes texts, because they contain names of nodes, which have changed. */
const withoutWords = ({ says, answers, ...arm }: ArmEssence) => ({
  ...arm,
  causes: Object.keys(says),
  verdicts: Object.entries(answers).map(([check, answer]) => [check, answer.split(':')[0]]),
});

/** Throws UsageError if an arm is judged differently after the cut. */
function refuseOther(before: Essence, after: Essence): void {
  for (const { name, arms } of after.experiments) {
    const own = before.experiments.find((each) => each.name === name)?.arms ?? [];
    for (const arm of arms) {
      const [was, is] = [own.find((each) => each.name === arm.name), arm].map((each) => each && withoutWords(each));
      if (!isDeepStrictEqual(was, is))
        throw new UsageError(`${name}, ${arm.name} would be judged differently: scrubbing removed too much`);
    }
  }
}
