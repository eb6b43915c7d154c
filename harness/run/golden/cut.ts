import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type ArmEssence, type Essence, essenceOf } from '../../judge/essence.ts';
import { judgeRun } from '../../judge/judge.ts';
import { UsageError } from '../../model/usage-error.ts';
import { DamageLog, damageInWords } from '../../recording/damage.ts';
import { filesBelow } from '../../recording/evidence-file.ts';
import { readLines } from '../../recording/read-lines.ts';
import { armFiles, isStream } from '../../recording/run-folder.ts';
import { openRun } from '../../recording/run-recording.ts';
import { sealArm } from '../../recording/seal.ts';
import { Scrubber } from './scrub.ts';
import { scrubArmText, scrubPlan } from './scrub-plan.ts';

/** What a repository may bear of one recording. */
const mostBytes = 3_000_000;

/**
 * Cuts a golden recording out of a run: its plan and the arms that are named, or all, without logs and without the
 * machine that it ran on, and beside it what it must come to. Throws UsageError where it is damaged, too large, or
 * would be judged otherwise than the run.
 */
export async function cutGolden(run: string, target: string, arms: readonly string[]): Promise<Essence> {
  if (await stat(target).catch(() => undefined)) throw new UsageError(`${target} is there already: remove it first`);
  const { folder, plan } = await openRun(run);
  const known = plan.experiments.flatMap((each) => each.arms.map(({ name }) => name));
  const unknown = arms.find((arm) => !known.includes(arm));
  if (unknown !== undefined) throw new UsageError(`no arm ${unknown} in ${run}: there are ${known.join(', ')}`);
  const scrubbed = scrubPlan(plan, (arm) => arms.length === 0 || arms.includes(arm));
  try {
    const scrubber = new Scrubber(await nodesOf(folder, scrubbed.experiments));
    await mkdir(target, { recursive: true });
    for (const { name, arms: own } of scrubbed.experiments)
      for (const arm of own) await cutArm(join(folder, name, arm.name), join(target, name, arm.name), scrubber);
    const lines = JSON.stringify(scrubbed, null, 2).split('\n');
    const text = lines.map((line, index) => `${scrubber.line(line, `plan.json:${index + 1}`)}\n`);
    await writeFile(join(target, 'plan.json'), text.join(''));
    await refuseTooLarge(target);
    const essence = essenceOf(await judgeRun(target));
    refuseOther(essenceOf(await judgeRun(folder)), essence);
    await writeFile(join(target, 'expected.json'), `${JSON.stringify(essence, null, 2)}\n`);
    return essence;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

type Experiments = Awaited<ReturnType<typeof openRun>>['plan']['experiments'];

/** The lines of a file of an arm, which must be whole. */
async function* linesOf(folder: string, file: string): AsyncGenerator<string> {
  const damage = new DamageLog();
  for await (const { lines } of readLines(folder, file, damage)) yield* lines;
  const [first] = damage.list();
  if (first) throw new UsageError(`${folder} is damaged, and would not be the same again: ${damageInWords(first)}`);
}

async function nodesOf(run: string, experiments: Experiments): Promise<Set<string>> {
  const nodes = new Set<string>();
  for (const { name, arms } of experiments) {
    for (const arm of arms) {
      for await (const line of linesOf(join(run, name, arm.name), armFiles.events)) {
        const { source, subject, data } = JSON.parse(line) as { source: string; subject: string; data: { node?: unknown } };
        if (source === 'node') nodes.add(subject);
        if (source === 'pod' && typeof data.node === 'string') nodes.add(data.node);
      }
    }
  }
  return nodes;
}

/** Streams and the plan; what else lies in the folder, such as logs, is left out. */
async function cutArm(from: string, to: string, scrubber: Scrubber): Promise<void> {
  const names = (await filesBelow(from)).map((file) => file.replace(/\.gz$/, ''));
  const kept = names.filter((file) => file === armFiles.plan || (isStream(file) && /^(?:workload\/)?[^/]+$/.test(file)));
  for (const file of new Set(kept)) {
    const lines: string[] = [];
    for await (const line of linesOf(from, file)) lines.push(line);
    const cut = file === armFiles.plan ? [scrubArmText(lines.join('\n'), join(from, file))] : lines;
    const text = cut.map((line, index) => `${scrubber.line(line, `${join(from, file)}:${index + 1}`)}\n`);
    const path = join(to, scrubber.text(file));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text.join(''));
  }
  await sealArm(to);
}

async function refuseTooLarge(folder: string): Promise<void> {
  const sizes = await Promise.all((await filesBelow(folder)).map(async (file) => (await stat(join(folder, file))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > mostBytes)
    throw new UsageError(
      `${(bytes / 1e6).toFixed(1)} MB are more than the ${mostBytes / 1e6} MB of a golden recording: name fewer arms with --arm`,
    );
}

/** Words name nodes, which have other names now. */
const withoutWords = ({ says, answers, ...arm }: ArmEssence) => ({
  ...arm,
  causes: Object.keys(says),
  verdicts: Object.entries(answers).map(([check, answer]) => [check, answer.split(':')[0]]),
});

/** The arms that were cut must come to what they came to before. */
function refuseOther(before: Essence, after: Essence): void {
  for (const { name, arms } of after.experiments) {
    const own = before.experiments.find((each) => each.name === name)?.arms ?? [];
    for (const arm of arms) {
      const [was, is] = [own.find((each) => each.name === arm.name), arm].map((each) => each && withoutWords(each));
      if (!isDeepStrictEqual(was, is)) throw new UsageError(`${name}, ${arm.name} would be judged otherwise: scrubbing took too much`);
    }
  }
}
