import type { Witness } from './witness.ts';

export type DependencyOffPlan = { readonly dependency: string; readonly replicas: number };
export type DependencySlowPlan = { readonly delayMs: number };

/** The subject of the probes of the dependency. */
const subject = 'dependency';

/** The Deployment of the dependency has no pods, and a probe got no answer. */
export const dependencySilent: Witness<DependencyOffPlan> = (observed, { dependency }, { since }) => {
  const state = observed.owners.Deployment.get(dependency);
  if (state?.desired !== 0 || state.replicas !== 0) return { waitingFor: `${dependency} to have no pods` };
  const answer = observed.reach.get(subject);
  if (!answer || answer.at < since || answer.state.answered) return { waitingFor: `${dependency} to stop answering` };
  return { saw: `${dependency} has no pods, and no longer answers` };
};

/** A probe of the dependency was answered, and took at least as long as the planned delay. */
export const dependencyLate: Witness<DependencySlowPlan> = (observed, { delayMs }, { since }) => {
  const answer = observed.reach.get(subject);
  const late = answer !== undefined && answer.at >= since && answer.state.answered && answer.state.ms >= delayMs;
  if (!late) return { waitingFor: `the dependency to answer after ${delayMs} ms` };
  return { saw: `the dependency answered after ${Math.round(answer.state.ms)} ms` };
};
