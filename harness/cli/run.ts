import { Command } from 'commander';
import type { RunChoices } from './choices.ts';
import {
  clusterOption,
  durationOption,
  experimentsArgument,
  jsonReportOption,
  labOptions,
  list,
  repeatOption,
  runsOption,
  setOfArmsOption,
  untilOption,
} from './common/options.ts';

export function runCommand(): Command {
  const command = new Command('run')
    .description('Run experiments on the lab cluster and judge the results. The first run creates the cluster.')
    .argument('[experiment...]', experimentsArgument)
    .option('--arm <name>', 'Run only this arm. Repeatable.', list, [])
    .option('--all-arms', 'Also run the arms that are skipped by default.')
    .option('--seed <seed>', 'Seed for the order of the arms. It is printed so that a run can be repeated.')
    .addOption(repeatOption())
    .addOption(untilOption())
    .addOption(setOfArmsOption())
    .option('--keep', 'Keep the workload of the last arm in the cluster and print the KUBECONFIG.')
    .addOption(durationOption('--deadline <duration>', 'Stop the run and undo its changes after this time.', '60m'))
    .addOption(jsonReportOption())
    .addOption(clusterOption())
    .addOption(runsOption());
  for (const option of labOptions()) command.addOption(option);
  return command.action(async (names: string[], choices: RunChoices) => {
    const { runNamed } = await import('./run-named.ts');
    process.exitCode = await runNamed(names, choices);
  });
}
