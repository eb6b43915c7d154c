import { Command } from 'commander';
import { printable } from '../model/printable.ts';
import { print } from '../sys/terminal.ts';
import { jsonOption } from './common/options.ts';
import { printJson } from './common/print-json.ts';

interface ListChoices {
  readonly json?: boolean;
}

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
    .addOption(jsonOption())
    .action(async (paths: string[], { json }: ListChoices) => {
      const [{ chooseExperiments, experimentNames }, { describedExperiment }] = await Promise.all([
        import('../run/experiments.ts'),
        import('./describe-experiment.ts'),
      ]);
      const found = await chooseExperiments(paths.length > 0 ? paths : experimentNames());
      const experiments = found.map(describedExperiment);
      if (json) printJson('holdfast.experiments/1', { experiments });
      else
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
    .addOption(jsonOption())
    .action(async ({ json }: ListChoices) => {
      const [{ catalogue }, { describedFault }] = await Promise.all([
        import('../record/fault/catalogue.ts'),
        import('./describe-fault.ts'),
      ]);
      const faults = [...catalogue.keys()].map(describedFault);
      if (json) printJson('holdfast.faults/1', { faults });
      else printLines(faults.map(({ name, does }) => [name, does]));
    });
  command
    .command('causes')
    .description('List the causes of failed requests, and what each means.')
    .addOption(jsonOption())
    .action(async ({ json }: ListChoices) => {
      const [{ causeOrder }, { describedCause }] = await Promise.all([
        import('../model/cause.ts'),
        import('./describe-cause.ts'),
      ]);
      const causes = causeOrder.map(describedCause);
      if (json) printJson('holdfast.causes/1', { causes });
      else printLines(causes.map(({ name, meaning }) => [name, meaning]));
    });
  command
    .command('checks')
    .description('List the checks of the judge: their ids, and what is true if they pass.')
    .addOption(jsonOption())
    .action(async ({ json }: ListChoices) => {
      const [{ checks: known }, { describedCheck }] = await Promise.all([
        import('../model/checks.ts'),
        import('./describe-check.ts'),
      ]);
      const checks = Object.keys(known).map(describedCheck);
      if (json) printJson('holdfast.checks/1', { checks });
      else printLines(checks.map(({ id, title }) => [id, title]));
    });
  return command;
}
