import type { Files } from '../synthetic/arm-files.ts';
import { later } from '../synthetic/run-files.ts';
import type { Edit } from './edit.ts';
import { armOf } from './passing.ts';
import type { ArmJson, Plain } from './plans.ts';

type RunJson = Plain & { experiments: (Plain & { name: string; arms: ArmJson[] })[] };

/** Changes the arms that a run plans. */
export const plannedArms =
  (change: (arms: ArmJson[]) => ArmJson[], more: Plain = {}): Edit =>
  (files) => {
    const run = JSON.parse(files['plan.json']?.join('\n') ?? '') as RunJson;
    const experiments = run.experiments.map((each) => ({ ...each, ...more, arms: change(each.arms) }));
    return { ...files, 'plan.json': [JSON.stringify({ ...run, experiments })] };
  };

/** How a copy of an arm's recording is made to look like another's. */
export interface Copy {
  readonly from: string;
  readonly to: string;
  /** Moved so much later; beside the other arms if it is not. */
  readonly seconds?: number;
  /** Its pods keep their UIDs unless they get others. */
  readonly otherUids?: boolean;
  /** Its marks keep the name of the arm that it was unless they get the new one. */
  readonly otherMarks?: boolean;
  /** The copy's own plan. */
  readonly plan?: (from: ArmJson) => Plain;
}

/** The time of all arms of a run is over by then. */
export const afterAll = 4000;

/** Copies an arm's recording into another folder, which may be there already, under a plan of its own. The run's plan is left. */
export const copied =
  ({ from, to, seconds = 0, otherUids = false, otherMarks = false, plan = (arm) => arm }: Copy): Edit =>
  (files) => {
    const folder = `rolling-update/${to}/`;
    const kept = Object.entries(files).filter(([path]) => !path.startsWith(folder));
    const copy = Object.entries(armOf({ files }, from)).map(([path, lines]): [string, string[]] => [
      folder + path,
      lines.map((line) => {
        let text = later(line, seconds);
        if (otherUids && text.includes('"kind":"Pod"')) text = text.replace('"subject":"', `"subject":"${to}-`);
        if (otherUids) text = text.replaceAll('"uid":"', `"uid":"${to}-`);
        if (otherMarks && text.includes('"source":"phase"'))
          text = text.replace(`"subject":"${from}"`, `"subject":"${to}"`);
        return text;
      }),
    ]);
    const all: Files = Object.fromEntries([...kept, ...copy]);
    const own = JSON.parse(all[`${folder}arm.json`]?.join('\n') ?? '{}') as ArmJson;
    return { ...all, [`${folder}arm.json`]: [JSON.stringify({ ...plan(own), name: to })] };
  };

/** The run's plan has the plans that arms were recorded under. */
export const planAsRecorded: Edit = (files) =>
  plannedArms((arms) =>
    arms.map(({ name }) => JSON.parse(files[`rolling-update/${name}/arm.json`]?.join('\n') ?? '{}') as ArmJson),
  )(files);
