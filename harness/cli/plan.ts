import { Command } from 'commander';
import { list } from './options.ts';

export function planCommand(): Command {
  return new Command('plan')
    .description('print what a run would do, arm by arm; touches nothing')
    .argument('[experiment...]', 'experiments by name; all of them when none is given')
    .option('--arm <name>', 'only this arm (repeatable)', list, [])
    .option('--seed <seed>', 'order of arms')
    .option('--set <key=value>', 'change a setting, as in run (repeatable)', list, [])
    .option('--json', 'print the plan as JSON')
    .action(async (names: string[], choices: { arm: string[]; seed?: string; set: string[]; json?: boolean }) => {
      const [{ experimentNames, loadExperiment }, { planExperiment }, { newSeed }, { parseSettings }, { planText }] =
        await Promise.all([
          import('../run/experiments.ts'),
          import('../plan/plan.ts'),
          import('../plan/seed.ts'),
          import('../plan/settings.ts'),
          import('../plan/text.ts'),
        ]);
      const seed = choices.seed ?? newSeed();
      const settings = parseSettings(choices.set);
      const plans = await Promise.all(
        (names.length > 0 ? names : experimentNames()).map(async (name) =>
          planExperiment(await loadExperiment(name), { seed, settings, arms: choices.arm }),
        ),
      );
      process.stdout.write(
        choices.json ? `${JSON.stringify({ seed, experiments: plans }, null, 2)}\n` : planText(seed, plans),
      );
    });
}
