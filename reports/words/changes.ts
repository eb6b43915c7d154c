import { type Asked, checkInWords } from '../../harness/model/checks.ts';
import { causeName, occurred } from './cause.ts';
import { count } from './number.ts';

/** The values by which two judgements of a run are compared. */
export interface Judged {
  readonly verdict: string;
  readonly experiments: readonly (JudgedAlike & { readonly name: string; readonly arms: readonly JudgedArm[] })[];
}

interface JudgedAlike {
  readonly verdict: string;
  readonly findings: readonly (Asked & { readonly verdict: string })[];
}

interface JudgedArm extends JudgedAlike {
  readonly name: string;
  readonly requests: {
    readonly total: number;
    readonly failed: number;
    readonly byCause: { readonly [cause: string]: number };
  };
}

/** A value that was judged differently before. */
export interface Change {
  /** An arm, an experiment, or the run. */
  readonly where: string;
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

const none = '–';

/** What changed from one judgement of a run to another: verdicts, findings, and counts by cause. */
export function changes(before: Judged, now: Judged): Change[] {
  const names = union(before.experiments, now.experiments);
  return [
    ...compared('run', { verdict: before.verdict }, { verdict: now.verdict }),
    ...names.flatMap((name) => {
      const [one, other] = [before, now].map(({ experiments }) => experiments.find((each) => each.name === name));
      const arms = union(one?.arms ?? [], other?.arms ?? []);
      return [
        ...compared(name, one && asked(one), other && asked(other)),
        ...arms.flatMap((arm) => {
          const [was, is] = [one, other].map((each) => each?.arms.find((found) => found.name === arm));
          return compared(`${name} ${arm}`, was && ofArm(was), is && ofArm(is));
        }),
      ];
    }),
  ];
}

const union = (one: readonly { readonly name: string }[], other: readonly { readonly name: string }[]): string[] => [
  ...new Set([...one, ...other].map(({ name }) => name)),
];

interface Values {
  readonly [what: string]: string;
}

/** A check may be asked several times under one name. Each then gets a number. */
function asked({ verdict, findings }: JudgedAlike): Values {
  const values: { [what: string]: string } = { verdict };
  for (const finding of findings) {
    const words = checkInWords(finding);
    let name = words;
    for (let number = 2; values[name] !== undefined; number++) name = `${words} (${number})`;
    values[name] = finding.verdict;
  }
  return values;
}

const ofArm = (arm: JudgedArm): Values => ({
  ...asked(arm),
  requests: count(arm.requests.total),
  failed: count(arm.requests.failed),
  ...Object.fromEntries(
    occurred(arm.requests.byCause).map((cause) => [causeName(cause), count(arm.requests.byCause[cause] ?? 0)]),
  ),
});

function compared(where: string, before: Values | undefined, now: Values | undefined): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])];
  return names
    .map((what) => ({ where, what, before: before?.[what] ?? none, now: now?.[what] ?? none }))
    .filter((change) => change.before !== change.now);
}
