import { Command, Option } from 'commander';
import type { Ms } from '../model/units.ts';
import type { TargetChoices } from './foreign-target.ts';
import { clusterOption, contextOptions, duration, type LabChoices, labOptions, list, runsOption } from './options.ts';

export interface InjectChoices extends LabChoices, TargetChoices {
  readonly params: readonly string[];
  readonly set: readonly string[];
  readonly hold?: Ms;
  readonly limit: Ms;
  readonly traffic: boolean;
  readonly json?: boolean;
  readonly cluster: string;
  readonly runs?: string;
}

const targetOptions = () => [
  new Option('--namespace <name>', 'with --context: the only namespace that is touched'),
  new Option('--deployment <name>', 'with --context: the workload in it'),
];

export function injectCommand(): Command {
  const command = new Command('inject')
    .description(
      'inject a fault, show what observers saw of it, and undo it; of several, each when the one before is over',
    )
    .argument('<fault...>', 'faults by name: ./holdfast list faults')
    .option('--params <json>', 'what the fault needs to know; of several, in their order (repeatable)', list, [])
    .option('--set <key=value>', 'change a setting of the workload or the traffic, as in run (repeatable)', list, [])
    .option('--hold <duration>', 'leave it for so long after it landed', duration)
    .option('--limit <duration>', 'give it up as not landed after so long', duration, 90_000)
    .option('--no-traffic', 'send nothing')
    .option('--json', 'print the JSON report on stdout, and nothing else')
    .addOption(clusterOption())
    .addOption(runsOption());
  for (const option of [...contextOptions(), ...targetOptions(), ...labOptions()]) command.addOption(option);
  return command.action(async (faults: string[], choices: InjectChoices) => {
    const { foreignTarget } = await import('./foreign-target.ts');
    const target = foreignTarget(choices);
    if (target) {
      const { injectByContext } = await import('./inject-context.ts');
      process.exitCode = await injectByContext(faults, target, choices);
    } else {
      const { injectOnLab } = await import('./inject-actions.ts');
      process.exitCode = await injectOnLab(faults, choices);
    }
  });
}
