import type { World } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type PolicyPlan = { readonly pods: readonly string[] };
export type DelayPlan = {
  readonly nodes: readonly { readonly name: string }[];
  readonly pods: readonly string[];
  readonly delayMs: number;
};

const asked = (world: World, pod: string, since: number) => {
  const answer = world.reach.get(pod);
  return answer && answer.at >= since ? answer.state : undefined;
};

/** Who asked the pods got an answer of each, and waited for it as long as was meant. */
export const podsLate: Witness<DelayPlan> = (world, { pods, delayMs }, { since }) => {
  const early = pods.filter((pod) => {
    const answer = asked(world, pod, since);
    return !answer?.answered || answer.ms < delayMs;
  });
  if (pods.length === 0 || early.length > 0)
    return { waitingFor: `${early.join(', ') || 'pods'} to answer after ${delayMs} ms` };
  return { saw: `${pods.join(', ')} answer after ${delayMs} ms and more` };
};

/** Who asked the pods got an answer of none. */
export const podsSilent: Witness<PolicyPlan> = (world, { pods }, { since }) => {
  const answering = pods.filter((pod) => asked(world, pod, since)?.answered !== false);
  if (pods.length === 0 || answering.length > 0)
    return { waitingFor: `${answering.join(', ') || 'pods'} to answer no more` };
  return { saw: `${pods.join(', ')} answer no more` };
};
