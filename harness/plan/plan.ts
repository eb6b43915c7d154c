import type { Experiment } from '../model/experiment.ts';
import type { ArmPlan, ExperimentPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Repeats, runNames, runsOf } from './repeats.ts';
import { shuffled } from './seed.ts';
import { checkSettings, resolveArm, type Settings } from './settings.ts';

export interface PlanChoices extends Repeats {
  readonly seed: string;
  readonly settings: Settings;
  /** Only these arms; all except the extra ones if it is empty. */
  readonly arms: readonly string[];
  /** Also the extra arms. */
  readonly allArms: boolean;
}

/** Changed settings are added to the description of an arm, which would be wrong without them. */
const ownSettings = (arm: string, settings: Settings): string[] =>
  Object.entries(settings)
    .filter(([key]) => key.startsWith(`${arm}.`))
    .map(([key, value]) => `but ${key.slice(arm.length + 1)}=${value}`);

/** Plans an experiment, arm by arm, in an order that the seed determines. Pure. */
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
  const provable = chosen.some((name) => {
    const { role, disruptions } = experiment.arms[name] ?? { role: 'control', disruptions: [] };
    return role === 'treatment' && disruptions.length > 0;
  });
  if (choices.until && !provable)
    throw new UsageError(`${experiment.name}: --until needs a treatment arm with a disruption`);
  const runs = new Map(chosen.flatMap((name) => plannedRuns(experiment, name, choices)).map((arm) => [arm.name, arm]));
  const arms = shuffled(choices.seed, experiment.name, [...runs.keys()]).flatMap((name) => runs.get(name) ?? []);
  const { name, title, question, claims = [] } = experiment;
  return { name, title, question, claims, ...(choices.until && { until: choices.until }), arms };
}

/** The planned runs of an arm. */
function plannedRuns(experiment: Experiment, name: string, choices: PlanChoices): ArmPlan[] {
  const spec = experiment.arms[name];
  if (!spec) return [];
  const base = { workload: experiment.workload.settings, traffic: experiment.traffic };
  const resolved = resolveArm({ name, spec }, base, choices.settings);
  return runNames(name, runsOf(name, spec, choices)).map((run, index) => {
    if (index > 0 && experiment.arms[run])
      throw new UsageError(`arm ${name} cannot be repeated: another arm has the name ${run}`);
    return {
      name: run,
      ...(index > 0 && { repeats: name }),
      role: spec.role,
      says: [spec.says, ...ownSettings(name, choices.settings)].join(', '),
      namespace: `holdfast-${experiment.name}-${run}`,
      ...resolved,
      phases: experiment.phases,
      disruptions: spec.disruptions,
      expect: spec.expect,
      demands: spec.demands ?? [],
    };
  });
}
