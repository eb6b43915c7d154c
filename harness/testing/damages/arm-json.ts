import { experimentIdentity } from '../../model/experiment-identity.ts';
import type { ExperimentPlan } from '../../model/plan.ts';
import type { Files } from '../worlds/files.ts';
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
