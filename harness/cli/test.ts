import { Command } from 'commander';
import { UsageError } from '../model/usage-error.ts';
import { isPackage } from '../sys/paths.ts';
import { clusterOption, type LabChoices, labOptions, runsOption } from './options.ts';

export interface TestChoices extends LabChoices {
  readonly hermetic?: boolean;
  readonly faults?: boolean;
  readonly kill?: boolean;
  readonly flips?: boolean;
  readonly quiet?: boolean;
  readonly knownBad?: boolean;
  readonly predicted?: boolean;
  readonly fuzz?: boolean;
  readonly seed?: string;
  readonly cluster: string;
  readonly runs?: string;
}

/** Each a flag of its own, and none of them part of the tests that every change must pass. */
export const drillNames = ['faults', 'kill', 'flips', 'quiet', 'knownBad', 'predicted'] as const;

export function testCommand(): Command {
  const command = new Command('test')
    .description('holdfast’s own tests: types, lint, layers, unit and golden tests, then a real cluster')
    .option('--hermetic', 'stop before the cluster')
    .option('--faults', 'instead: every fault on the real cluster, injected, witnessed, healed, verified')
    .option('--kill', 'instead: the harness killed at every failpoint of every fault, and the cluster healed')
    .option('--flips', 'instead: each treatment without its guarantee, which must fail')
    .option('--quiet', 'instead: twenty runs in which nothing happens, and which must show nothing')
    .option('--known-bad', 'instead: ten times the arms of the rolling update that must lose')
    .option(
      '--predicted',
      'instead: arms under conditions without a setting, each of which must come to what is predicted',
    )
    .option('--fuzz', 'instead: 2,000 damaged files, then hostile pods and users on the real cluster')
    .option('--seed <seed>', 'order of arms, and of what is drawn')
    .addOption(clusterOption())
    .addOption(runsOption());
  for (const option of labOptions()) command.addOption(option);
  return command.action(async (choices: TestChoices) => {
    if (isPackage) throw new UsageError('the tests of holdfast itself are a part of its checkout, and of no package');
    if (drillNames.some((name) => choices[name])) {
      const { testByDrill } = await import('./test-drills.ts');
      process.exitCode = await testByDrill(choices);
      return;
    }
    if (choices.fuzz) {
      const { testFuzz } = await import('./test-fuzz.ts');
      process.exitCode = await testFuzz(choices);
      return;
    }
    const { testAll } = await import('./test-all.ts');
    process.exitCode = await testAll(choices);
  });
}
