import type { Micros } from '../model/units.ts';
import type { World } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type ControlPlanePlan = { readonly nodes: readonly { readonly name: string }[] };

const answers = (world: World, since: Micros): boolean => {
  const last = world.apiServer.at(-1);
  return last === undefined || last.at < since || last.state.ready;
};

/** It was asked from outside, and gave no answer any more. */
export const apiServerDown: Witness<ControlPlanePlan> = (world, _plan, { since }) =>
  answers(world, since) ? { waitingFor: 'the API server to fall silent' } : { saw: 'the API server answers no more' };

/** The engine saw its machine end, and the API server gave no answer any more. */
export const controlPlaneStopped: Witness<ControlPlanePlan> = (world, { nodes }, { since }) => {
  const running = nodes.filter(
    ({ name }) => world.containers.findLast((seen) => seen.name === name && seen.at >= since)?.state.state !== 'exited',
  );
  if (nodes.length === 0 || running.length > 0)
    return { waitingFor: `the engine to say that ${running.map(({ name }) => name).join(', ') || 'it'} is off` };
  if (answers(world, since)) return { waitingFor: 'the API server to fall silent' };
  return { saw: `${nodes.map(({ name }) => name).join(', ')} off, and the API server answers no more` };
};
