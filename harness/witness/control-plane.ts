import type { Micros } from '../model/units.ts';
import type { ObservedState } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type ControlPlanePlan = { readonly nodes: readonly { readonly name: string }[] };

const apiServerAnswers = (observed: ObservedState, since: Micros): boolean => {
  const last = observed.apiServer.at(-1);
  return last === undefined || last.at < since || last.state.ready;
};

/** The API server was asked from outside and no longer answers. */
export const apiServerDown: Witness<ControlPlanePlan> = (observed, _plan, { since }) =>
  apiServerAnswers(observed, since)
    ? { waitingFor: 'the API server to stop answering' }
    : { saw: 'the API server no longer answers' };

/** The engine saw the node of the control plane stop, and the API server no longer answers. */
export const controlPlaneStopped: Witness<ControlPlanePlan> = (observed, { nodes }, { since }) => {
  const running = nodes.filter(
    ({ name }) =>
      observed.containers.findLast((seen) => seen.name === name && seen.at >= since)?.state.state !== 'exited',
  );
  if (nodes.length === 0 || running.length > 0)
    return { waitingFor: `the engine to report that ${running.map(({ name }) => name).join(', ') || 'it'} is off` };
  if (apiServerAnswers(observed, since)) return { waitingFor: 'the API server to stop answering' };
  return { saw: `${nodes.map(({ name }) => name).join(', ')} off, and the API server no longer answers` };
};
