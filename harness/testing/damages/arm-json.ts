import { experimentIdentity } from '../../model/experiment-identity.ts';
import type { ExperimentPlan } from '../../model/plan.ts';
import type { Files } from '../worlds/files.ts';
import type { Edit } from './edit.ts';

export type Plain = { [key: string]: unknown };
export type ArmJson = { name: string } & Plain;

const pathOf = (arm: string): string => `rolling-update/${arm}/arm.json`;

const read = (files: Files, path: string): Plain => JSON.parse(files[path]?.join('\n') ?? '{}') as Plain;

/** The plan that the text of an `arm.json` holds: older ones are nothing else. */
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

/** The plan of an arm of the run, by its own file. */
export const recordedPlan = (files: Files, arm: string): ArmJson => planIn(files[pathOf(arm)]?.join('\n') ?? '{}');

/** Another plan for an arm, in its own file. */
export const recordedWith =
  (arm: string, change: (plan: ArmJson) => ArmJson): Edit =>
  (files) => ({ ...files, [pathOf(arm)]: [replanned(files[pathOf(arm)]?.join('\n') ?? '{}', change)] });

/** Other arms for the run's only experiment; the arms' own files name it as it is then. */
export const plannedArms =
  (change: (arms: readonly ArmJson[]) => readonly ArmJson[], more: Plain = {}): Edit =>
  (files) => {
    const run = read(files, 'plan.json') as { experiments: { arms: ArmJson[] }[] };
    const experiments = run.experiments.map((each) => ({ ...each, ...more, arms: change(each.arms) }));
    return identified({ ...files, 'plan.json': [JSON.stringify({ ...run, experiments })] });
  };

/** Every arm's file names the experiment that the run's plan holds, if it names one. */
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
