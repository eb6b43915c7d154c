import { experimentIdentity } from '../../model/experiment-identity.ts';
import type { BudgetLimit } from '../../model/facts.ts';
import type { ExperimentPlan } from '../../model/plan.ts';
import type { Files } from '../worlds/files.ts';
import { preStopOf } from '../worlds/planned-workload.ts';
import type { Edit } from './edit.ts';

export type Plain = { [key: string]: unknown };
export type ArmJson = { name: string } & Plain;

const pathOf = (arm: string): string => `rolling-update/${arm}/arm.json`;

const read = (files: Files, path: string): Plain => JSON.parse(files[path]?.join('\n') ?? '{}') as Plain;

/** The plan in the text of an `arm.json`. Older files contain only the plan. */
export const planIn = (text: string): ArmJson => {
  const file = JSON.parse(text) as Plain;
  return (file.schema === undefined ? file : file.plan) as ArmJson;
};

/** The text of an `arm.json` with another plan. */
export const replanned = (text: string, change: (plan: ArmJson) => ArmJson): string => {
  const file = JSON.parse(text) as Plain;
  const plan = change(planIn(text));
  return JSON.stringify(file.schema === undefined ? plan : { ...file, plan });
};

/** Guarantees that damages change. */
interface Guarantees {
  readonly replicas?: number;
  readonly budget?: BudgetLimit;
  readonly preStopSeconds?: number;
}

/**
 * The plan of an arm with other guarantees: in the facts of its workload or, in holdfast.plan/1, in its settings. Objects
 * would contradict the facts, so they become unrecorded.
 */
export function withGuarantees(plan: ArmJson, guarantees: Guarantees): ArmJson {
  const workload = plan.workload as Plain;
  if (workload.facts === undefined) return { ...plan, workload: { ...workload, ...guarantees } };
  const { replicas, budget, preStopSeconds } = guarantees;
  const facts = {
    ...(workload.facts as Plain),
    ...(replicas !== undefined && { replicas }),
    ...(budget && { budget: [budget] }),
    ...(preStopSeconds !== undefined && { preStop: preStopOf(preStopSeconds) }),
  };
  return { ...plan, workload: { ...workload, facts, objects: null } };
}

/** The plan in the file of an arm. */
export const recordedPlan = (files: Files, arm: string): ArmJson => planIn(files[pathOf(arm)]?.join('\n') ?? '{}');

/** Changes the plan in the file of an arm. */
export const recordedWith =
  (arm: string, change: (plan: ArmJson) => ArmJson): Edit =>
  (files) => ({ ...files, [pathOf(arm)]: [replanned(files[pathOf(arm)]?.join('\n') ?? '{}', change)] });

/** Changes the arms of the run's only experiment. The arms' files are updated to name the changed experiment. */
export const plannedArms =
  (change: (arms: readonly ArmJson[]) => readonly ArmJson[], more: Plain = {}): Edit =>
  (files) => {
    const run = read(files, 'plan.json') as { experiments: { arms: ArmJson[] }[] };
    const experiments = run.experiments.map((each) => ({ ...each, ...more, arms: change(each.arms) }));
    return identified({ ...files, 'plan.json': [JSON.stringify({ ...run, experiments })] });
  };

/** Updates every arm's file to name the experiment in the run's plan, if the file names one. */
export const identified: Edit = (files) => {
  const [experiment] = (read(files, 'plan.json') as { experiments: ExperimentPlan[] }).experiments;
  return Object.fromEntries(
    Object.entries(files).map(([path, lines]) => {
      if (!path.endsWith('/arm.json') || !experiment) return [path, lines];
      const file = read(files, path);
      const names = file.experiment !== undefined && file.experiment !== null;
      return [path, names ? [JSON.stringify({ ...file, experiment: experimentIdentity(experiment) })] : lines];
    }),
  );
};
