import { causeName } from '../../reports/words/cause.ts';
import { type NamedRun, printRequests } from '../../reports/words/command.ts';
import { failureEvidenceInWords } from '../../reports/words/failure-evidence.ts';
import { clockTime } from '../../reports/words/number.ts';
import type { ArmFindings, FailedRequest } from '../model/finding.ts';
import type { RunPlan } from '../model/plan.ts';
import { printable } from '../model/printable.ts';
import type { Request } from '../model/request.ts';
import { UsageError } from '../model/usage-error.ts';
import { damageInWords } from '../recording/damage.ts';
import { openRun } from '../recording/run-recording.ts';
import { readFindings } from '../run/findings-file.ts';
import { print, printError } from '../sys/terminal.ts';
import { printJsonLine } from './common/print-json.ts';
import { namedRun } from './common/show.ts';

interface Wanted {
  /** All arms if it is empty. */
  readonly arms: readonly string[];
  readonly json: boolean;
}

/** Throws `UsageError` if a wanted arm was not planned: nothing would be printed, as if nothing had failed. */
function assertPlanned({ arms }: Wanted, { run, experiments }: RunPlan): void {
  const planned = new Set(experiments.flatMap((experiment) => experiment.arms.map(({ name }) => name)));
  const unknown = arms.find((arm) => !planned.has(arm));
  if (unknown !== undefined)
    throw new UsageError(
      `run ${printable(run)} has no arm ${unknown}. Arms: ${[...planned].map(printable).join(', ')}`,
    );
}

const isWanted = (wanted: Wanted, arm: string) => wanted.arms.length === 0 || wanted.arms.includes(arm);

function failedText(failure: FailedRequest, arm: ArmFindings): string {
  const { request, cause, pod, podBy, words, evidence } = failure;
  const offset = arm.story ? `${((request.start - arm.story.zero) / 1e6).toFixed(2)} s` : '';
  const who = pod ? `${pod} (${podBy})` : 'no pod known';
  const what = [arm.name, request.gen, request.code, causeName(cause), who].map((each) => printable(String(each)));
  return [
    [`${clockTime(request.start)} ${offset.padStart(8)}`, ...what].join('  '),
    `    ${printable(words)}`,
    `    ${printable(request.err)}`,
    ...evidence.map((line) => {
      const when = line.at === undefined ? '' : `${clockTime(line.at)} `;
      return `    ${when}${printable(failureEvidenceInWords(line))}`;
    }),
  ].join('\n');
}

function requestText(arm: string, { id, start, end, code, err, pod }: Request): string {
  const took = `${((end - start) / 1000).toFixed(1)} ms`;
  return `${clockTime(start)} ${took.padStart(10)}  ${[arm, id, String(code), pod || err].map(printable).join('  ')}`;
}

function leftOut(run: NamedRun, arm: string, count: number): string {
  const rows = printRequests(run, arm);
  return `${printable(arm)}: ${count} more failed${rows === undefined ? '' : `. All requests: ${rows}`}\n`;
}

/** Prints every failed request that the findings hold, with cause and evidence, and how many more there were. */
export async function printFailed(folder: string, wanted: Wanted): Promise<void> {
  const { experiments, plan } = readFindings(folder);
  assertPlanned(wanted, plan);
  for (const { name, arms } of experiments) {
    for (const arm of arms.filter((each) => isWanted(wanted, each.name))) {
      for (const failure of arm.failures) {
        if (wanted.json) printJsonLine('holdfast.failed-request/1', { experiment: name, arm: arm.name, ...failure });
        else print(`${failedText(failure, arm)}\n`);
      }
      const left = arm.requests.failed - arm.failures.length;
      if (left > 0) printError(leftOut(namedRun(folder, plan), arm.name, left));
    }
  }
}

/** Prints every recorded request, warm-up included, in the order of their end. */
export async function printAll(folder: string, wanted: Wanted): Promise<void> {
  const run = openRun(folder);
  assertPlanned(wanted, run.plan);
  for (const experiment of run.plan.experiments) {
    for (const { name } of experiment.arms.filter((arm) => isWanted(wanted, arm.name))) {
      const arm = run.arm(experiment.name, name);
      for (const file of arm?.requests() ?? []) {
        for await (const batch of file.batches()) {
          for (const request of batch) {
            if (wanted.json)
              printJsonLine('holdfast.request/1', { experiment: experiment.name, arm: name, ...request });
            else print(`${requestText(name, request)}\n`);
          }
        }
      }
      for (const damage of arm?.damage.list() ?? [])
        printError(`${printable(name)}: ${printable(damageInWords(damage))}\n`);
    }
  }
}
