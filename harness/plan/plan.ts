import type { Experiment } from '../model/experiment.ts';
import type { ArmPlan, ExperimentPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { shuffled } from './seed.ts';
import { checkSettings, resolveArm, type Settings } from './settings.ts';

export interface PlanChoices {
  readonly seed: string;
  readonly settings: Settings;
  /** Only these arms; all but the extra ones where empty. */
  readonly arms: readonly string[];
  /** The extra ones too. */
  readonly allArms: boolean;
}

/** An arm whose settings were changed says so: its description would lie. */
const ownSettings = (arm: string, settings: Settings): string[] =>
  Object.entries(settings)
    .filter(([key]) => key.startsWith(`${arm}.`))
    .map(([key, value]) => `but ${key.slice(arm.length + 1)}=${value}`);

/** What will happen, arm by arm, in an order drawn from the seed. Pure: touches nothing. */
export function planExperiment(experiment: Experiment, choices: PlanChoices): ExperimentPlan {
  const names = Object.keys(experiment.arms);
  for (const arm of choices.arms) {
    if (!names.includes(arm)) {
      throw new UsageError(`${experiment.name} has no arm ${arm}. Arms: ${names.join(', ')}`);
    }
  }
  checkSettings(choices.settings, names);
  const isChosen = (name: string) =>
    choices.arms.length > 0 ? choices.arms.includes(name) : choices.allArms || !experiment.arms[name]?.extra;
  const chosen = names.filter(isChosen);
  const arms = shuffled(choices.seed, experiment.name, chosen).flatMap((name): ArmPlan[] => {
    const spec = experiment.arms[name];
    if (!spec) return [];
    const base = { workload: experiment.workload.settings, traffic: experiment.traffic };
    const resolved = resolveArm({ name, spec }, base, choices.settings);
    return [
      {
        name,
        role: spec.role,
        says: [spec.says, ...ownSettings(name, choices.settings)].join(', '),
        namespace: `holdfast-${experiment.name}-${name}`,
        ...resolved,
        phases: experiment.phases,
        disruptions: spec.disruptions,
        expect: spec.expect,
        demands: spec.demands ?? [],
      },
    ];
  });
  const { name, title, question, claims } = experiment;
  return { name, title, question, claims, arms };
}
