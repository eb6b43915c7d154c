import { Command } from 'commander';
import type { Claim } from '../model/claim.ts';
import type { Ms } from '../model/units.ts';
import {
  clusterOption,
  duration,
  type LabChoices,
  labOptions,
  list,
  repeatOption,
  runsOption,
  untilOption,
} from './options.ts';

interface RunChoices extends LabChoices {
  readonly arm: readonly string[];
  readonly allArms?: boolean;
  readonly seed?: string;
  readonly repeat?: number;
  readonly until?: Claim;
  readonly set: readonly string[];
  readonly keep?: boolean;
  readonly deadline: Ms;
  readonly json?: boolean;
  readonly cluster: string;
  readonly runs?: string;
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('run experiments on the lab cluster, and judge them')
    .argument(
      '[experiment...]',
      'names of ours, or paths of your own files or folders; without any those of the default run',
    )
    .option('--arm <name>', 'only this arm (repeatable)', list, [])
    .option('--all-arms', 'also the arms that are left out otherwise')
    .option('--seed <seed>', 'order of arms; printed, so that a run can be repeated')
    .addOption(repeatOption())
    .addOption(untilOption())
    .option(
      '--set <key=value>',
      'change a setting for all arms, or one: preStop=3, treatment.preStop=0 (repeatable)',
      list,
      [],
    )
    .option('--keep', 'leave the last arm’s workload in the cluster, and print the KUBECONFIG')
    .option('--deadline <duration>', 'give up, and put everything back, after this long', duration, 3_600_000)
    .option('--json', 'print the JSON report on stdout, and nothing else')
    .addOption(clusterOption())
    .addOption(runsOption());
  for (const option of labOptions()) command.addOption(option);
  return command.action(async (names: string[], choices: RunChoices) => {
    const { runNamed } = await import('./run-named.ts');
    process.exitCode = await runNamed(names, choices);
  });
}

export type { RunChoices };
