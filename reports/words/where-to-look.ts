import { type Finding, lookRequests } from '../../harness/model/finding.ts';
import { type NamedRun, printFailed, printRequests } from './command.ts';
import { clockTime } from './number.ts';

/**
 * Where the evidence of a finding is: a command that prints it, or a file and a time if the finding has one. Only the folder
 * if a name in the command is not a plain name.
 */
export function whereToLook({ look, evidence }: Finding, run: NamedRun, folder: string, arm = ''): string {
  if (look === lookRequests.failed) return printFailed(run, arm) ?? folder;
  if (look === lookRequests.all) return printRequests(run, arm) ?? folder;
  const at = evidence.find((line) => line.at !== undefined)?.at;
  return look === undefined ? folder : `${folder}${look}${at === undefined ? '' : ` at ${clockTime(at)}`}`;
}
