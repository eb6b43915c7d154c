import { Command } from 'commander';
import type { Claim } from '../model/claim.ts';
import { printableJson } from '../model/printable.ts';
import { print } from '../sys/terminal.ts';
import { list, repeatOption, untilOption } from './options.ts';

interface PlanOptions {
  readonly arm: readonly string[];
  readonly allArms?: boolean;
  readonly seed?: string;
  readonly repeat?: number;
  readonly until?: Claim;
  readonly set: readonly string[];
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command('plan')
    .description('print what a run would do, arm by arm; touches nothing')
    .argument(
      '[experiment...]',
      'names of ours, or paths of your own files or folders; without any those of the default run',
    )
    .option('--arm <name>', 'only this arm (repeatable)', list, [])
    .option('--all-arms', 'also the arms that are left out otherwise')
    .option('--seed <seed>', 'order of arms')
    .addOption(repeatOption())
    .addOption(untilOption())
    .option('--set <key=value>', 'change a setting, as in run (repeatable)', list, [])
    .option('--json', 'print the plan as JSON')
    .action(async (names: string[], choices: PlanOptions) => {
      const [
        { chooseExperiments },
        { planExperiment },
        { newSeed },
        { parseSettings },
        { planText },
        { describeFault },
        { checkPlan },
      ] = await Promise.all([
        import('../run/experiments.ts'),
        import('../plan/plan.ts'),
        import('../plan/seed.ts'),
        import('../plan/settings.ts'),
        import('../plan/text.ts'),
        import('./describe-fault.ts'),
        import('../run/check-plan.ts'),
      ]);
      const seed = choices.seed ?? newSeed();
      const settings = parseSettings(choices.set);
      const { repeat, until } = choices;
      const wanted = { seed, settings, arms: choices.arm, allArms: choices.allArms ?? false, repeat, until };
      const plans = (await chooseExperiments(names)).map((experiment) => planExperiment(experiment, wanted));
      plans.forEach(checkPlan);
      print(
        choices.json ? `${printableJson({ seed, experiments: plans }, 2)}\n` : planText(seed, plans, describeFault),
      );
    });
}
