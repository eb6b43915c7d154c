import type { Micros } from '../model/units.ts';
import type { ObservedState } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type PowerPlan = { readonly nodes: readonly { readonly name: string }[] };

/** The last state of a node that the engine reported since a moment. */
const engineState = (observed: ObservedState, node: string, since: Micros) =>
  observed.containers.findLast(({ name, at }) => name === node && at >= since)?.state.state;

const readiness = (observed: ObservedState, node: string) => observed.nodes.get(node)?.ready;

/** The engine saw every node stop, and the node controller marked it not Ready. */
const nodesGone =
  (state: 'exited' | 'paused', words: string): Witness<PowerPlan> =>
  (observed, { nodes }, { since }) => {
    const names = nodes.map(({ name }) => name);
    const running = names.filter((name) => engineState(observed, name, since) !== state);
    if (names.length === 0 || running.length > 0)
      return { waitingFor: `the engine to report that ${running.join(', ') || 'a node'} is ${state}` };
    // A node that no watch has seen counts as Ready.
    const ready = names.filter((name) => (readiness(observed, name) ?? 'True') === 'True');
    if (ready.length > 0) return { waitingFor: `${ready.join(', ')} to be not Ready` };
    return { saw: `${names.join(', ')} ${words}, and not Ready` };
  };

export const poweredOff = nodesGone('exited', 'off');
export const frozen = nodesGone('paused', 'frozen');

/** The engine saw every node stop and start again, and its kubelet has reported since. */
export const restarted: Witness<PowerPlan> = (observed, { nodes }, { since }) => {
  const missing = nodes.filter(({ name }) => {
    const own = observed.containers.filter((seen) => seen.name === name && seen.at >= since);
    const ended = own.find(({ state }) => state.state === 'exited');
    const started = own.find(({ state, at }) => state.state === 'running' && ended && at >= ended.at);
    return !started || (observed.leases.get(name) ?? 0) <= started.at || readiness(observed, name) !== 'True';
  });
  if (nodes.length === 0 || missing.length > 0)
    return { waitingFor: `${missing.map(({ name }) => name).join(', ') || 'nodes'} to stop, start and report` };
  return { saw: `${nodes.map(({ name }) => name).join(', ')} restarted, and report again` };
};
