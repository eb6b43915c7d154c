import type { ArmFindings, Finding } from '../../harness/model/finding.ts';
import { demandInWords } from '../../harness/model/in-words.ts';
import type { ArmPlan } from '../../harness/model/plan.ts';

/** The answers to what was demanded of an arm beside its expectation. */
export function demands({ findings }: ArmFindings, plan: ArmPlan | undefined): Finding[] {
  const checks = new Set(plan?.demands.map(demandInWords));
  return findings.filter(({ check }) => checks.has(check));
}
