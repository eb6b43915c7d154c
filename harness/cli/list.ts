import { Command } from 'commander';
import { printable } from '../model/printable.ts';
import { print } from '../sys/terminal.ts';

/** Prints one line for each: the name, and what it is. */
function printLines(lines: readonly (readonly [name: string, words: string])[]): void {
  const longest = Math.max(...lines.map(([name]) => name.length));
  for (const [name, words] of lines) print(`${name.padEnd(longest)}  ${printable(words)}\n`);
}

export function listCommand(): Command {
  const command = new Command('list').description(
    'List experiments, faults, causes and checks, one per line. See describe for more about one of them.',
  );
  command
    .command('experiments')
    .description('List experiments with their titles.')
    .argument('[path...]', 'Files or folders of your own. Without paths: the experiments of holdfast.')
    .action(async (paths: string[]) => {
      const { chooseExperiments, experimentNames } = await import('../run/experiments.ts');
      const experiments = await chooseExperiments(paths.length > 0 ? paths : experimentNames());
      printLines(
        experiments.map(({ name, title, onlyWhenNamed }) => [
          name,
          onlyWhenNamed ? `${title} (only when named)` : title,
        ]),
      );
    });
  command
    .command('faults')
    .description('List the faults that can be injected, and what each does.')
    .action(async () => {
      const { catalogue } = await import('../record/fault/catalogue.ts');
      printLines([...catalogue.values()].map(({ name, does }) => [name, does]));
    });
  command
    .command('causes')
    .description('List the causes of failed requests, and what each means.')
    .action(async () => {
      const { causes } = await import('../model/cause.ts');
      printLines(Object.entries(causes).map(([name, { meaning }]) => [name, meaning]));
    });
  command
    .command('checks')
    .description('List the checks of the judge: their ids, and what is so where they pass.')
    .action(async () => {
      const { checks } = await import('../model/checks.ts');
      printLines(Object.entries(checks).map(([id, { title }]) => [id, title]));
    });
  return command;
}
