import { causes } from '../model/cause.ts';
import type { ArmFindings, FailedRequest } from '../model/finding.ts';
import { damageInWords } from '../recording/damage.ts';
import { openRun } from '../recording/run-recording.ts';
import { readFindings } from '../run/findings-file.ts';

interface Wanted {
  /** All where empty. */
  readonly arms: readonly string[];
  readonly json: boolean;
}

const isWanted = (wanted: Wanted, arm: string) => wanted.arms.length === 0 || wanted.arms.includes(arm);
const clockTime = (micros: number) => new Date(micros / 1000).toISOString().slice(11, 23);
const print = (line: string) => process.stdout.write(`${line}\n`);

function failedText(failure: FailedRequest, arm: ArmFindings): string {
  const { request, cause, pod, podBy, words, evidence } = failure;
  const offset = arm.story ? `${((request.start - arm.story.zero) / 1e6).toFixed(2)} s` : '';
  const who = pod ? `${pod} (${podBy})` : 'no pod known';
  return [
    `${clockTime(request.start)} ${offset.padStart(8)}  ${arm.name}  ${request.gen}  ${request.code}  ${causes[cause].name}  ${who}`,
    `    ${words}`,
    `    ${request.err}`,
    ...evidence.map(({ at, text }) => `    ${at === undefined ? '' : `${clockTime(at)} `}${text}`),
  ].join('\n');
}

/** Prints every failed request that the judge kept, with cause and evidence; says how many it did not keep. */
export async function printFailed(folder: string, wanted: Wanted): Promise<void> {
  const { experiments } = readFindings(folder);
  for (const { name, arms } of experiments) {
    for (const arm of arms.filter((each) => isWanted(wanted, each.name))) {
      for (const failure of arm.failures) {
        print(wanted.json ? JSON.stringify({ experiment: name, arm: arm.name, ...failure }) : failedText(failure, arm));
      }
      const left = arm.requests.failed - arm.failures.length;
      if (left > 0)
        process.stderr.write(`${arm.name}: ${left} more failed; their rows: ./holdfast requests --arm ${arm.name}\n`);
    }
  }
}

/** Prints every recorded request, warm-up included, in the order of their end. */
export async function printAll(folder: string, wanted: Wanted): Promise<void> {
  const run = openRun(folder);
  for (const experiment of run.plan.experiments) {
    for (const { name } of experiment.arms.filter((arm) => isWanted(wanted, arm.name))) {
      const arm = run.arm(experiment.name, name);
      for (const file of arm?.requests() ?? []) {
        for await (const batch of file.batches()) {
          for (const request of batch) {
            const { id, start, end, code, err, pod } = request;
            const took = `${((end - start) / 1000).toFixed(1)} ms`;
            print(
              wanted.json
                ? JSON.stringify({ experiment: experiment.name, arm: name, ...request })
                : `${clockTime(start)} ${took.padStart(10)}  ${name}  ${id}  ${code}  ${pod || err}`,
            );
          }
        }
      }
      for (const damage of arm?.damage.list() ?? []) process.stderr.write(`${name}: ${damageInWords(damage)}\n`);
    }
  }
}
