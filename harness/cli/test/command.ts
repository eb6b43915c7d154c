import { Command } from 'commander';
import { isPackage } from '../../model/own-command.ts';
import { UsageError } from '../../model/usage-error.ts';
import { clusterOption, labOptions, runsOption } from '../common/options.ts';
import { drillNames, type TestChoices } from './choices.ts';

export function testCommand(): Command {
  const command = new Command('test')
    .description('Run the tests of holdfast: types, lint and hermetic tests, then tests on the real cluster.')
    .option('--hermetic', 'Run only the tests that need no cluster.')
    .optionsGroup('Other tests, which run instead of these:')
    .option('--faults', 'Inject, observe and undo every fault on the real cluster, and rollouts with --context.')
    .option('--kill', 'Kill the harness at every failpoint of every fault, then heal the cluster.')
    .option('--flips', 'Run each treatment arm without its guarantee. Each run must fail.')
    .option('--quiet', 'Do twenty runs without a fault. None may lose a request.')
    .option('--known-bad', 'Run the unprotected arms of the rolling update ten times. Each must lose requests.')
    .option('--predicted', 'Run arms under conditions that no setting makes. Each result must be as predicted.')
    .option(
      '--fuzz',
      'Read 2,000 damaged files, judge a real recording with every known damage, then run hostile pods and users on the real cluster.',
    )
    .option('--package', 'Pack holdfast, install the package into an empty folder, and use it there.')
    .optionsGroup('Options:')
    .option('--seed <seed>', 'Seed for the order of the arms and for every random choice.')
    .addOption(clusterOption())
    .addOption(runsOption());
  for (const option of labOptions()) command.addOption(option);
  return command.action(async (choices: TestChoices) => {
    if (isPackage) throw new UsageError('the tests of holdfast need a checkout; the package does not contain them');
    if (drillNames.some((name) => choices[name])) {
      const { testByDrill } = await import('./drills.ts');
      process.exitCode = await testByDrill(choices);
      return;
    }
    if (choices.fuzz) {
      const { testFuzz } = await import('./fuzz.ts');
      process.exitCode = await testFuzz(choices);
      return;
    }
    if (choices.package) {
      const { testPackage } = await import('./package.ts');
      process.exitCode = await testPackage();
      return;
    }
    const { testAll } = await import('./all.ts');
    process.exitCode = await testAll(choices);
  });
}
