import { digestOf } from './digest.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from './plan.ts';

/** Everything that determines what an arm shows. The name of the run, the namespace and the description do not. */
const shownBy = ({ role, workload, lab, traffic, phases, disruptions, expect, demands }: ArmPlan) => ({
  role,
  workload: { objects: workload.objects ?? workload.facts, options: valuesOf(workload.options) },
  lab,
  traffic,
  phases,
  disruptions,
  expect,
  demands,
});

const valuesOf = (options: ArmPlan['workload']['options']) =>
  Object.fromEntries(Object.entries(options).map(([option, { value }]) => [option, value]));

/**
 * The name of the experiment and a digest of its question and arms: `rolling-update@<32 hexadecimal digits>`. Results
 * of several runs can be combined only if it is the same. The number of repeats does not change it.
 */
export function experimentIdentity({
  name,
  question,
  arms,
}: Pick<ExperimentPlan, 'name' | 'question' | 'arms'>): string {
  const distinct = Object.fromEntries(arms.map((arm) => [armOf(arm), shownBy(arm)]));
  return `${name}@${digestOf({ question, arms: distinct })}`;
}
