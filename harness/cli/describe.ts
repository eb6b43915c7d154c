import { Command } from 'commander';
import { print } from '../sys/terminal.ts';

export function describeCommand(): Command {
  const command = new Command('describe').description(
    'explain a fault, an experiment or a cause; ./holdfast list has their names',
  );
  command
    .command('fault')
    .description('what it does, its parameters, how it is undone, and why requests may fail by it')
    .argument('<name>', 'such as drain')
    .action(async (name: string) => {
      const { faultText } = await import('./describe-fault.ts');
      print(faultText(name));
    });
  command
    .command('experiment')
    .description('its question and its arms')
    .argument('<experiment>', 'a name of ours, or the path of a file of your own')
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
    .description('why a request fails, what to change, and which faults bring it')
    .argument('<name>', 'such as no-endpoint')
    .action(async (name: string) => {
      const { causeText } = await import('./describe-cause.ts');
      print(causeText(name));
    });
  return command;
}
