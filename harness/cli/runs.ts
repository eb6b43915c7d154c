import { Command } from 'commander';
import { counted } from '../../reports/words/number.ts';
import { ownCommand } from '../model/own-command.ts';
import { printable } from '../model/printable.ts';
import { print } from '../sys/terminal.ts';
import { count, jsonOption, runsOption } from './common/options.ts';
import { printJson } from './common/print-json.ts';

export function runsCommand(): Command {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const command = new Command('runs').description('List and remove recorded runs.');
  command
    .command('list')
    .description('List all runs, the newest first.')
    .addOption(jsonOption())
    .addOption(runsOption())
    .action(async (choices: { json?: boolean; runs?: string }) => {
      const { defaultRunsFolder, listRuns } = await import('../run/runs.ts');
      const runs = listRuns(choices.runs ?? defaultRunsFolder());
      if (choices.json) {
        printJson('holdfast.runs/1', { runs });
        return;
      }
      for (const { id, verdict, bytes, sentence } of runs) {
        print(`${id}  ${printable(verdict).padEnd(12)}  ${megabytes(bytes).padStart(9)}  ${printable(sentence)}\n`);
      }
      if (runs.length === 0) print(`No runs yet. Record one: ${ownCommand} run rolling-update\n`);
    });
  command
    .command('prune')
    .description('Remove old runs.')
    .option('--keep <count>', 'Number of the newest runs to keep.', count, 10)
    .addOption(jsonOption())
    .addOption(runsOption())
    .action(async (choices: { keep: number; json?: boolean; runs?: string }) => {
      const { defaultRunsFolder, pruneRuns } = await import('../run/runs.ts');
      const removed = pruneRuns(choices.runs ?? defaultRunsFolder(), choices.keep);
      const bytes = removed.reduce((sum, run) => sum + run.bytes, 0);
      if (choices.json) printJson('holdfast.pruned/1', { removed });
      else print(`Removed ${counted(removed.length, 'run')}, ${megabytes(bytes)}.\n`);
    });
  return command;
}
