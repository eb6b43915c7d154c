import type { ObservedState } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type PolicyPlan = { readonly pods: readonly string[] };
export type DelayPlan = {
  readonly nodes: readonly { readonly name: string }[];
  readonly pods: readonly string[];
  readonly delayMs: number;
};

const latestProbe = (observed: ObservedState, pod: string, since: number) => {
  const answer = observed.reach.get(pod);
  return answer && answer.at >= since ? answer.state : undefined;
};

/** Probes of all pods were answered, and took at least as long as the planned delay. */
export const podsLate: Witness<DelayPlan> = (observed, { pods, delayMs }, { since }) => {
  const early = pods.filter((pod) => {
    const answer = latestProbe(observed, pod, since);
    return !answer?.answered || answer.ms < delayMs;
  });
  if (pods.length === 0 || early.length > 0)
    return { waitingFor: `${early.join(', ') || 'pods'} to answer after ${delayMs} ms` };
  return { saw: `${pods.join(', ')} answer after at least ${delayMs} ms` };
};

/** Probes of all pods got no answer. */
export const podsSilent: Witness<PolicyPlan> = (observed, { pods }, { since }) => {
  const answering = pods.filter((pod) => latestProbe(observed, pod, since)?.answered !== false);
  if (pods.length === 0 || answering.length > 0)
    return { waitingFor: `${answering.join(', ') || 'pods'} to stop answering` };
  return { saw: `${pods.join(', ')} no longer answer` };
};
