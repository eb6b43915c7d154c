import { Command } from 'commander';
import type { Claim } from '../model/claim.ts';
import { print } from '../sys/terminal.ts';
import { experimentsArgument, jsonOption, list, repeatOption, setOfArmsOption, untilOption } from './common/options.ts';
import { printJson } from './common/print-json.ts';

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
    .description('Print what a run would do, arm by arm. Changes nothing.')
    .argument('[experiment...]', experimentsArgument)
    .option('--arm <name>', 'Plan only this arm. Repeatable.', list, [])
    .option('--all-arms', 'Also plan the arms that are skipped by default.')
    .option('--seed <seed>', 'Seed for the order of the arms.')
    .addOption(repeatOption())
    .addOption(untilOption())
    .addOption(setOfArmsOption())
    .addOption(jsonOption('Print the plan as JSON.'))
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
      if (choices.json) printJson('holdfast.planned/2', { seed, experiments: plans });
      else print(planText(seed, plans, describeFault));
    });
}
