import { Command } from 'commander';
import { counted } from '../../reports/words/number.ts';
import { ownCommand } from '../model/own-command.ts';
import { printable } from '../model/printable.ts';
import { print } from '../sys/terminal.ts';
import { count, jsonOption, list, runsOption, runWords } from './options.ts';
import { printJson } from './print-json.ts';

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
  command
    .command('golden')
    .description('Cut a golden recording out of a run, for the tests of the judge. Data about the machine is left out.')
    .argument('<run>', runWords)
    .argument('<folder>', 'Folder to write, such as harness/judge/golden/NAME.')
    .option('--arm <name>', 'Take only this arm. Repeatable.', list, [])
    .addOption(jsonOption())
    .addOption(runsOption())
    .action(async (named: string, folder: string, choices: { arm: string[]; json?: boolean; runs?: string }) => {
      const [{ defaultRunsFolder, findRun }, { cutGolden }] = await Promise.all([
        import('../run/runs.ts'),
        import('../run/golden/cut.ts'),
      ]);
      const run = findRun(choices.runs ?? defaultRunsFolder(), named);
      const { experiments } = await cutGolden(run, folder, choices.arm);
      if (choices.json) {
        printJson('holdfast.golden/1', { folder, experiments });
        return;
      }
      for (const { name, arms } of experiments) {
        for (const { name: arm, verdict, failed } of arms)
          print(`${printable(name)}, ${printable(arm)}: ${verdict}, ${failed} failed\n`);
      }
      print(`Wrote ${folder}. Its expected.json holds the expected result.\n`);
    });
  return command;
}
