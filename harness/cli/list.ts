import { Command } from 'commander';
import { print } from '../sys/terminal.ts';

export function listCommand(): Command {
  const command = new Command('list').description(
    'List the experiments that can be run and the faults that can be injected.',
  );
  command
    .command('experiments')
    .description('List the experiments with their arms. Arms in brackets run only with --all-arms.')
    .action(async () => {
      const { experimentNames, loadExperiment } = await import('../run/experiments.ts');
      for (const name of experimentNames()) {
        const { title, arms, onlyWhenNamed } = await loadExperiment(name);
        const names = Object.entries(arms).map(([arm, { extra }]) => (extra ? `[${arm}]` : arm));
        print(`${name}${onlyWhenNamed ? ' (only when named)' : ''}\n  ${title}\n  ${names.join(', ')}\n\n`);
      }
    });
  command
    .command('faults')
    .description('List the faults: what each does, which real event it stands for, and how it is undone.')
    .action(async () => {
      const { catalogue } = await import('../record/fault/catalogue.ts');
      for (const { name, touches, does, faithfulTo, undone } of catalogue.values()) {
        print(
          `${name} (touches ${touches})\n  does         ${does}\n  stands for   ${faithfulTo}\n  undone       ${undone}\n\n`,
        );
      }
    });
  return command;
}
