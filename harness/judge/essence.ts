import type { ArmFindings, RunFindings } from '../model/finding.ts';

/** What a golden recording must come to: verdicts, counts by cause, what was doubted, and what is said of each cause. */
export interface Essence {
  readonly verdict: string;
  readonly experiments: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly arms: readonly ArmEssence[];
  }[];
}

interface ArmEssence {
  readonly name: string;
  readonly verdict: string;
  readonly total: number;
  readonly failed: number;
  readonly unattributed: number;
  readonly byCause: { readonly [cause: string]: number };
  readonly doubts: readonly string[];
  /** Of the first failure of each cause. */
  readonly says: { readonly [cause: string]: string };
}

function ofArm({ name, verdict, requests, findings, failures }: ArmFindings): ArmEssence {
  const { total, failed, unattributed, byCause } = requests;
  const doubts = findings.filter((finding) => finding.verdict !== 'pass').map(({ check }) => check);
  const says: { [cause: string]: string } = {};
  for (const { cause, words } of failures) says[cause] ??= words;
  return { name, verdict, total, failed, unattributed, byCause, doubts, says };
}

export const essenceOf = ({ verdict, experiments }: RunFindings): Essence => ({
  verdict,
  experiments: experiments.map(({ name, verdict: own, arms }) => ({
    name,
    verdict: own,
    arms: arms.map(ofArm).sort((one, other) => one.name.localeCompare(other.name)),
  })),
});
