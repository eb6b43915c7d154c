import { isObject } from './object.ts';
import { upgradeRunPlan } from './plan.ts';

/** Findings whose plan has all fields that plans have now. */
export const upgradeFindings = (findings: unknown): unknown =>
  isObject(findings) ? { ...findings, plan: upgradeRunPlan(findings.plan) } : findings;
