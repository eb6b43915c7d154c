import { Command, Option } from 'commander';
import { ownCommand } from '../model/own-command.ts';
import type { InjectChoices } from './choices.ts';
import {
  clusterOption,
  contextOptions,
  durationOption,
  jsonReportOption,
  labOptions,
  list,
  runsOption,
  setOption,
} from './common/options.ts';

const targetOptions = () => [
  new Option('--namespace <name>', 'With --context: the namespace of the workload. No other namespace is changed.'),
  new Option('--deployment <name>', 'With --context: the Deployment to disturb.'),
  new Option('--statefulset <name>', 'With --context: the StatefulSet to disturb.'),
];

export function injectCommand(): Command {
  const command = new Command('inject')
    .description('Inject a fault, print what was observed, and undo it. Several faults are injected one after another.')
    .argument('<fault...>', `Names of faults. See ${ownCommand} list faults.`)
    .option(
      '--params <json>',
      'Parameters of a fault as JSON. With several faults, repeat it in the same order.',
      list,
      [],
    )
    .addOption(setOption('Change a setting of the workload or the traffic, such as preStop=3.'))
    .addOption(
      durationOption('--hold <duration>', 'Undo the fault this long after it has taken effect. Without it: at once.'),
    )
    .addOption(
      durationOption(
        '--limit <duration>',
        'Stop if the fault has not taken effect after this time. With --context, the workload has this time to become available again.',
        '90s',
      ),
    )
    .option('--no-traffic', 'Send no requests.')
    .addOption(jsonReportOption(' With --context: the outcome.'))
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
