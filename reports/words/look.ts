import type { Finding } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { printFailed, printRequests } from './command.ts';
import { clockTime } from './number.ts';

/**
 * Where to look: the command that prints it, or a part of a folder and the moment, as far as the finding says. The folder
 * alone if a name in the command is no plain one.
 */
export function lookAt({ look, evidence }: Finding, plan: RunPlan, folder: string, arm = ''): string {
  if (look === 'failed requests') return printFailed(plan, arm) ?? folder;
  if (look === 'requests') return printRequests(plan, arm) ?? folder;
  const at = evidence.find((line) => line.at !== undefined)?.at;
  return look === undefined ? folder : `${folder}${look}${at === undefined ? '' : ` at ${clockTime(at)}`}`;
}
