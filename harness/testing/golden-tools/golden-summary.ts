import { checkKey } from '../../model/checks.ts';
import type { ArmFindings, Finding, Margins, RunFindings } from '../../model/finding.ts';

/** What each check came to: `pass: at most 3 % failed`. */
interface Answers {
  readonly [check: string]: string;
}

/** What a golden recording must come to: verdicts, answers, margins, counts by cause, and what is said of each cause. */
export interface Essence {
  readonly verdict: string;
  readonly experiments: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly strength: string;
    readonly answers: Answers;
    readonly arms: readonly ArmEssence[];
  }[];
}

export interface ArmEssence {
  readonly name: string;
  readonly verdict: string;
  readonly total: number;
  readonly failed: number;
  readonly unattributed: number;
  readonly byCause: { readonly [cause: string]: number };
  readonly answers: Answers;
  readonly margins: Margins;
  /** Of the first failure of each cause. */
  readonly says: { readonly [cause: string]: string };
}

const answersOf = (findings: readonly Finding[]): Answers =>
  Object.fromEntries(findings.map((finding) => [checkKey(finding), `${finding.verdict}: ${finding.measured}`]));

function ofArm({ name, verdict, requests, findings, margins = {}, failures }: ArmFindings): ArmEssence {
  const { total, failed, unattributed, byCause } = requests;
  const says: { [cause: string]: string } = {};
  for (const { cause, words } of failures) says[cause] ??= words;
  return { name, verdict, total, failed, unattributed, byCause, answers: answersOf(findings), margins, says };
}

export const essenceOf = ({ verdict, experiments }: RunFindings): Essence => ({
  verdict,
  experiments: experiments.map(({ name, verdict: own, strength, findings, arms }) => ({
    name,
    verdict: own,
    strength,
    answers: answersOf(findings),
    arms: arms.map(ofArm).sort((one, other) => one.name.localeCompare(other.name)),
  })),
});
