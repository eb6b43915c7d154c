import type { Finding } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { printFailed, printRequests, quoted } from './command.ts';
import { clockTime } from './number.ts';

/** Where to look: the command that prints it, or a part of a folder and the moment, as far as the finding says. */
export function lookAt({ look, evidence }: Finding, plan: RunPlan, folder: string, arm = ''): string {
  const ofArm = arm === '' ? '' : ` --arm ${quoted(arm)}`;
  if (look === 'failed requests') return printFailed(plan) + ofArm;
  if (look === 'requests') return printRequests(plan) + ofArm;
  const at = evidence.find((line) => line.at !== undefined)?.at;
  return look === undefined ? folder : `${folder}${look}${at === undefined ? '' : ` at ${clockTime(at)}`}`;
}
