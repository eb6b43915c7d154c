import type { ArmFile } from '../../model/arm-file.ts';
import type { Files } from '../worlds/files.ts';
import { later } from '../worlds/run-files.ts';
import { type ArmJson, plannedArms, recordedPlan, recordedWith } from './arm-json.ts';
import { type Edit, lines } from './edit.ts';
import { armOf } from './passing.ts';

/** How an arm's recording is copied, and how the copy is disguised. */
export interface Copy {
  readonly from: string;
  readonly to: string;
  /** The copy is moved to this many seconds later. Without it, the copy has the times of the original. */
  readonly seconds?: number;
  /** Whether the copy's pods get new UIDs. */
  readonly otherUids?: boolean;
  /** Whether the copy's phase marks name the new arm instead of the original one. */
  readonly otherMarks?: boolean;
  /** Whether the copy keeps the id of the original recording. */
  readonly sameId?: boolean;
  /** The copy's plan. */
  readonly plan?: (from: ArmJson) => ArmJson;
}

/** Seconds after which all arms of a run are over. */
export const afterAll = 4000;

/**
 * Copies an arm's recording into another folder, with another plan, and replaces existing files. The run's plan does
 * not change.
 */
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

/** Older files have no id. */
function withOtherId(text: string): string {
  const file = JSON.parse(text) as Partial<ArmFile>;
  return file.schema === undefined ? text : JSON.stringify({ ...file, id: `${file.id}-copied` });
}

/** Replaces the plans of the arms in the run's plan with those in the arms' files. */
export const planAsRecorded: Edit = (files) =>
  plannedArms((arms) => arms.map(({ name }) => recordedPlan(files, name)))(files);
