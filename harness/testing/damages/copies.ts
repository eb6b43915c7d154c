import type { ArmFile } from '../../model/arm-file.ts';
import type { Files } from '../worlds/files.ts';
import { later } from '../worlds/run-files.ts';
import { type ArmJson, plannedArms, recordedPlan, recordedWith } from './arm-json.ts';
import { type Edit, lines } from './edit.ts';
import { armOf } from './passing.ts';

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
  /** It has the id of the recording that it was copied from. */
  readonly sameId?: boolean;
  /** The copy's own plan. */
  readonly plan?: (from: ArmJson) => ArmJson;
}

/** The time of all arms of a run is over by then. */
export const afterAll = 4000;

/** Copies an arm's recording into another folder, which may be there already, under a plan of its own. The run's plan is left. */
export const copied =
  ({ from, to, seconds = 0, otherUids = false, otherMarks = false, sameId = false, plan = (arm) => arm }: Copy): Edit =>
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
    const renamed = recordedWith(to, (own) => ({ ...plan(own), name: to }))(all);
    return sameId ? renamed : lines(armJson(to), (own) => own.map(withOtherId))(renamed);
  };

const armJson = (arm: string): RegExp => new RegExp(`^rolling-update/${arm}/arm\\.json$`);

/** Older ones have none. */
function withOtherId(text: string): string {
  const file = JSON.parse(text) as Partial<ArmFile>;
  return file.schema === undefined ? text : JSON.stringify({ ...file, id: `${file.id}-copied` });
}

/** The run's plan has the plans that arms were recorded under. */
export const planAsRecorded: Edit = (files) =>
  plannedArms((arms) => arms.map(({ name }) => recordedPlan(files, name)))(files);
