import { Command } from 'commander';
import { print } from '../sys/terminal.ts';

export function describeCommand(): Command {
  const command = new Command('describe').description(
    'Explain a fault, an experiment, a cause or a check. See ./holdfast list for their names.',
  );
  command
    .command('fault')
    .description(
      'Print what a fault does, its parameters, how it is undone, and the kinds of failures that it can cause.',
    )
    .argument('<name>', 'Name of a fault, such as drain.')
    .action(async (name: string) => {
      const { faultText } = await import('./describe-fault.ts');
      print(faultText(name));
    });
  command
    .command('experiment')
    .description('Print the question and the arms of an experiment.')
    .argument('<experiment>', 'Name of an experiment, or path of a file or folder of your own.')
    .action(async (name: string) => {
      const [{ chooseExperiments }, { experimentText }] = await Promise.all([
        import('../run/experiments.ts'),
        import('./describe-experiment.ts'),
      ]);
      const found = await chooseExperiments([name]);
      print(found.map((each) => experimentText(each, name)).join('\n'));
    });
  command
    .command('cause')
    .description('Print why a request fails, what to change, and which faults can cause it.')
    .argument('<name>', 'Name of a cause, such as no-endpoint.')
    .action(async (name: string) => {
      const { causeText } = await import('./describe-cause.ts');
      print(causeText(name));
    });
  command
    .command('check')
    .description('Print what a check of the judge asks, and what to do if it is inconclusive.')
    .argument('<id>', 'Id of a check, such as clean-baseline.')
    .action(async (id: string) => {
      const { checkText } = await import('./describe-check.ts');
      print(checkText(id));
    });
  return command;
}
