import type { ArmFindings, Finding } from '../../harness/model/finding.ts';
import { demandInWords } from '../../harness/model/in-words.ts';
import type { ArmPlan } from '../../harness/model/plan.ts';

/** The findings for the demands of an arm, besides its expectation. */
export function demands({ findings }: ArmFindings, plan: ArmPlan | undefined): Finding[] {
  const checks = new Set(plan?.demands.map(demandInWords));
  return findings.filter(({ check }) => checks.has(check));
}
