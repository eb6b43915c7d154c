import { Command } from 'commander';
import { ownCommand } from '../model/own-command.ts';
import { print } from '../sys/terminal.ts';
import { jsonOption } from './common/options.ts';
import { printJson } from './common/print-json.ts';

interface DescribeChoices {
  readonly json?: boolean;
}

export function describeCommand(): Command {
  const command = new Command('describe').description(
    `Explain a fault, an experiment, a cause or a check. See ${ownCommand} list for their names.`,
  );
  command
    .command('fault')
    .description(
      'Print what a fault does, its parameters, how it is undone, and the kinds of failures that it can cause.',
    )
    .argument('<name>', 'Name of a fault, such as drain.')
    .addOption(jsonOption())
    .action(async (name: string, { json }: DescribeChoices) => {
      const { describedFault, faultText } = await import('./describe-fault.ts');
      if (json) printJson('holdfast.faults/1', { faults: [describedFault(name)] });
      else print(faultText(name));
    });
  command
    .command('experiment')
    .description('Print the question and the arms of an experiment.')
    .argument('<experiment>', 'Name of an experiment, or path of a file or folder of your own.')
    .addOption(jsonOption())
    .action(async (name: string, { json }: DescribeChoices) => {
      const [{ chooseExperiments }, { describedExperiment, experimentText }] = await Promise.all([
        import('../run/experiments.ts'),
        import('./describe-experiment.ts'),
      ]);
      const found = await chooseExperiments([name]);
      if (json) printJson('holdfast.experiments/1', { experiments: found.map(describedExperiment) });
      else print(found.map((each) => experimentText(each, name)).join('\n'));
    });
  command
    .command('cause')
    .description('Print why a request fails, what to change, and which faults can cause it.')
    .argument('<name>', 'Name of a cause, such as no-endpoint.')
    .addOption(jsonOption())
    .action(async (name: string, { json }: DescribeChoices) => {
      const { causeText, describedCause } = await import('./describe-cause.ts');
      if (json) printJson('holdfast.causes/1', { causes: [describedCause(name)] });
      else print(causeText(name));
    });
  command
    .command('check')
    .description('Print what a check of the judge asks, and what to do if it is inconclusive.')
    .argument('<id>', 'Id of a check, such as clean-baseline.')
    .addOption(jsonOption())
    .action(async (id: string, { json }: DescribeChoices) => {
      const { checkText, describedCheck } = await import('./describe-check.ts');
      if (json) printJson('holdfast.checks/1', { checks: [describedCheck(id)] });
      else print(checkText(id));
    });
  return command;
}
