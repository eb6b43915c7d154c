import { checkKey } from '../../model/checks.ts';
import type { ArmFindings, Finding, Margins, RunFindings } from '../../model/finding.ts';

/** The result of each check, such as `pass: at most 3 % failed`. */
interface Answers {
  readonly [check: string]: string;
}

/**
 * The expected result of a golden recording: verdicts, results of checks, margins, counts by cause, and the text for
 * each cause.
 */
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
  /** The text of the first failure with each cause. */
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
