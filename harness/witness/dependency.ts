import type { Witness } from './witness.ts';

export type DependencyOffPlan = { readonly dependency: string; readonly replicas: number };
export type DependencySlowPlan = { readonly delayMs: number };

/** Who asks the dependency itself. */
const subject = 'dependency';

/** Its controller has no pod left, and who asked it got no answer. */
export const dependencySilent: Witness<DependencyOffPlan> = (world, { dependency }, { since }) => {
  const state = world.deployments.get(dependency);
  if (state?.desired !== 0 || state.replicas !== 0) return { waitingFor: `${dependency} to have no pods` };
  const answer = world.reach.get(subject);
  if (!answer || answer.at < since || answer.state.answered) return { waitingFor: `${dependency} to answer no more` };
  return { saw: `${dependency} has no pods, and answers no more` };
};

/** Who asked it got an answer, and waited for it as long as was meant. */
export const dependencyLate: Witness<DependencySlowPlan> = (world, { delayMs }, { since }) => {
  const answer = world.reach.get(subject);
  const late = answer !== undefined && answer.at >= since && answer.state.answered && answer.state.ms >= delayMs;
  if (!late) return { waitingFor: `the dependency to answer after ${delayMs} ms` };
  return { saw: `the dependency answered after ${Math.round(answer.state.ms)} ms` };
};
