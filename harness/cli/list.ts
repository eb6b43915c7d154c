import { Command } from 'commander';
import { print } from '../sys/terminal.ts';

export function listCommand(): Command {
  const command = new Command('list').description('what there is to run and to inject');
  command
    .command('experiments')
    .description('each with its arms; those in brackets only with --all-arms')
    .argument('[path...]', 'files or folders of your own; without any those of holdfast')
    .action(async (paths: string[]) => {
      const { chooseExperiments, experimentNames } = await import('../run/experiments.ts');
      for (const { name, title, arms, onlyWhenNamed } of await chooseExperiments(
        paths.length > 0 ? paths : experimentNames(),
      )) {
        const names = Object.entries(arms).map(([arm, { extra }]) => (extra ? `[${arm}]` : arm));
        print(`${name}${onlyWhenNamed ? ' (only when named)' : ''}\n  ${title}\n  ${names.join(', ')}\n\n`);
      }
    });
  command
    .command('faults')
    .description('each with what it does, what it is faithful to, and how it is undone')
    .action(async () => {
      const { catalogue } = await import('../record/fault/catalogue.ts');
      for (const { name, touches, does, faithfulTo, undone } of catalogue.values()) {
        print(
          `${name} (touches ${touches})\n  does         ${does}\n  faithful to  ${faithfulTo}\n  undone       ${undone}\n\n`,
        );
      }
    });
  return command;
}
