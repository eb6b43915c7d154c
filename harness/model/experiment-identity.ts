import { digestOf } from './digest.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from './plan.ts';

/** All that decides what an arm shows. Its name in the run, its namespace and its words do not. */
const shownBy = ({ role, workload, traffic, phases, disruptions, expect, demands }: ArmPlan) => ({
  role,
  workload,
  traffic,
  phases,
  disruptions,
  expect,
  demands,
});

/**
 * The experiment's name and a digest of its question and its arms, as `rolling-update@<32 hexadecimal digits>`. Results of
 * several runs belong together only if it is the same. How often arms are repeated does not change it.
 */
export function experimentIdentity({
  name,
  question,
  arms,
}: Pick<ExperimentPlan, 'name' | 'question' | 'arms'>): string {
  const distinct = Object.fromEntries(arms.map((arm) => [armOf(arm), shownBy(arm)]));
  return `${name}@${digestOf({ question, arms: distinct })}`;
}
