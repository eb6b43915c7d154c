import type { Experiment, LabConditions } from '../model/experiment.ts';
import { armOf, type ExperimentPlan } from '../model/plan.ts';
import { recordedObjects } from '../model/recorded-objects.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Repeats, runNames, runsOf } from './repeats.ts';
import { describeArms, type Undescribed } from './says.ts';
import { shuffled } from './seed.ts';
import { checkSettings, chosenSettings, type Settings } from './settings.ts';
import { assertTakesAway } from './takes-away.ts';
import { objectsOf, plannedWorkload } from './workload.ts';

export interface PlanChoices extends Repeats {
  readonly seed: string;
  readonly settings: Settings;
  /** Only these arms; all except the extra ones if it is empty. */
  readonly arms: readonly string[];
  /** Also the extra arms. */
  readonly allArms: boolean;
}

/** The lab of an experiment that asks for nothing else. */
const plainLab: LabConditions = { busyWorkers: 0, scheduler: 'default-scheduler' };

/** Plans an experiment, arm by arm, in an order that the seed determines. Pure. */
export function planExperiment(experiment: Experiment, choices: PlanChoices): ExperimentPlan {
  const names = Object.keys(experiment.arms);
  for (const arm of choices.arms) {
    if (!names.includes(arm)) {
      throw new UsageError(`${experiment.name} has no arm ${arm}. Arms: ${names.join(', ')}`);
    }
  }
  checkSettings(choices.settings, experiment.workload, names);
  const isChosen = (name: string) =>
    choices.arms.length > 0 ? choices.arms.includes(name) : choices.allArms || !experiment.arms[name]?.extra;
  const chosen = names.filter(isChosen);
  const provable = chosen.some((name) => {
    const { role, disruptions } = experiment.arms[name] ?? { role: 'control', disruptions: [] };
    return role === 'treatment' && disruptions.length > 0;
  });
  if (choices.until && !provable)
    throw new UsageError(`${experiment.name}: --until needs a treatment arm with a disruption`);
  const planned = chosen.flatMap((name) => plannedRuns(experiment, name, choices));
  const described = describeArms(planned, (arm) => ownChanges(experiment, armOf(arm), choices.settings));
  const runs = new Map(described.map((arm) => [arm.name, arm]));
  const arms = shuffled(choices.seed, experiment.name, [...runs.keys()]).flatMap((name) => runs.get(name) ?? []);
  const { name, title, question, claims = [], workload } = experiment;
  const changes = [...workload.changes, ...chosenSettings(choices.settings, workload).changes];
  const objects = recordedObjects(objectsOf(workload, changes));
  return { name, title, question, claims, ...(choices.until && { until: choices.until }), objects, arms };
}

/** Errors of `plan` with the place where they arose. */
function named<T>(where: string, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${where}: ${error.message}`);
    throw error;
  }
}

/** How an arm differs from the workload and the lab that all arms share. */
function ownChanges({ workload, arms }: Experiment, name: string, settings: Settings) {
  const own = chosenSettings(settings, workload, name);
  return { changes: [...(arms[name]?.changes ?? []), ...own.changes], lab: { ...arms[name]?.lab, ...own.lab } };
}

/**
 * The planned runs of an arm. A setting without an arm changes the workload that all arms share. An arm keeps its own
 * changes, so an unprotected arm still lacks its guarantee. A setting with the name of an arm overrides these too.
 */
function plannedRuns(experiment: Experiment, name: string, choices: PlanChoices): Undescribed[] {
  const spec = experiment.arms[name];
  if (!spec) return [];
  const { workload } = experiment;
  const common = chosenSettings(choices.settings, workload);
  const { changes, lab } = ownChanges(experiment, name, choices.settings);
  const resolvedLab = { ...plainLab, ...experiment.lab, ...common.lab, ...lab };
  const planned = named(`experiment ${experiment.name}, arm ${name}`, () => {
    const shared = [...workload.changes, ...common.changes];
    assertTakesAway(workload, shared, changes);
    return plannedWorkload(workload, [...shared, ...changes], resolvedLab);
  });
  return runNames(name, runsOf(name, spec, choices)).map((run, index) => {
    if (index > 0 && experiment.arms[run])
      throw new UsageError(`arm ${name} cannot be repeated: another arm has the name ${run}`);
    return {
      name: run,
      ...(index > 0 && { repeats: name }),
      role: spec.role,
      namespace: `holdfast-${experiment.name}-${run}`,
      workload: planned,
      lab: resolvedLab,
      traffic: experiment.traffic && { ...experiment.traffic, ...common.traffic },
      phases: experiment.phases,
      disruptions: spec.disruptions,
      expect: spec.expect,
      demands: spec.demands ?? [],
    };
  });
}
