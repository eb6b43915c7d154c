import { Command } from 'commander';
import { count, runsOption } from './options.ts';

export function runsCommand(): Command {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const command = new Command('runs').description('the runs that are kept');
  command
    .command('list')
    .description('every run, the newest first')
    .addOption(runsOption())
    .action(async (choices: { runs?: string }) => {
      const { defaultRunsFolder, listRuns } = await import('../run/runs.ts');
      const runs = await listRuns(choices.runs ?? defaultRunsFolder());
      for (const { id, verdict, bytes, sentence } of runs) {
        process.stdout.write(`${id}  ${verdict.padEnd(12)}  ${megabytes(bytes).padStart(9)}  ${sentence}\n`);
      }
      if (runs.length === 0) process.stdout.write('No runs yet. Make one: ./holdfast run rolling-update\n');
    });
  command
    .command('prune')
    .description('remove old runs')
    .option('--keep <count>', 'how many of the newest stay', count, 10)
    .addOption(runsOption())
    .action(async (choices: { keep: number; runs?: string }) => {
      const { defaultRunsFolder, pruneRuns } = await import('../run/runs.ts');
      const removed = await pruneRuns(choices.runs ?? defaultRunsFolder(), choices.keep);
      const bytes = removed.reduce((sum, run) => sum + run.bytes, 0);
      process.stdout.write(`Removed ${removed.length} runs, ${megabytes(bytes)}.\n`);
    });
  return command;
}
