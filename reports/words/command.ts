import type { RunPlan } from '../../harness/model/plan.ts';

/** One argument as a shell takes it back. */
export const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

/** The command that repeats the run with the same seed. */
export function runAgain(plan: RunPlan): string {
  const typed = plan.command.length > 0 ? plan.command : ['./holdfast', 'run'];
  const seeded = typed.some((argument) => argument === '--seed' || argument.startsWith('--seed='));
  return [...typed, ...(seeded ? [] : ['--seed', plan.seed])].map(quoted).join(' ');
}

export const judgeAgain = (plan: RunPlan): string => `./holdfast judge ${quoted(plan.run)}`;

export const printFailed = (plan: RunPlan): string => `./holdfast requests --failed ${quoted(plan.run)}`;

export const printRequests = (plan: RunPlan): string => `./holdfast requests ${quoted(plan.run)}`;

/** Where an arm's recording lies, from the checkout's root when runs are kept there. */
export const armFolder = (plan: RunPlan, experiment: string, arm: string): string =>
  `runs/${plan.run}/${experiment}/${arm}/`;
