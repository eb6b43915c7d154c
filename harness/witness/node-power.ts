import type { Micros } from '../model/units.ts';
import type { World } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type PowerPlan = { readonly nodes: readonly { readonly name: string }[] };

/** The engine's last word on a node since a moment. */
const engineSaid = (world: World, node: string, since: Micros) =>
  world.containers.findLast(({ name, at }) => name === node && at >= since)?.state.state;

const readiness = (world: World, node: string) => world.nodes.get(node)?.ready;

/** The engine saw every one of them go, and the node controller believes it. */
const away =
  (state: 'exited' | 'paused', words: string): Witness<PowerPlan> =>
  (world, { nodes }, { since }) => {
    const names = nodes.map(({ name }) => name);
    const running = names.filter((name) => engineSaid(world, name, since) !== state);
    if (names.length === 0 || running.length > 0)
      return { waitingFor: `the engine to say that ${running.join(', ') || 'a node'} is ${state}` };
    // A node that no watch knows says nothing of itself.
    const ready = names.filter((name) => (readiness(world, name) ?? 'True') === 'True');
    if (ready.length > 0) return { waitingFor: `${ready.join(', ')} to be not Ready` };
    return { saw: `${names.join(', ')} ${words}, and not Ready` };
  };

export const poweredOff = away('exited', 'off');
export const frozen = away('paused', 'frozen');

/** The engine saw every one of them end and start again, and its kubelet has reported since. */
export const restarted: Witness<PowerPlan> = (world, { nodes }, { since }) => {
  const missing = nodes.filter(({ name }) => {
    const own = world.containers.filter((seen) => seen.name === name && seen.at >= since);
    const ended = own.find(({ state }) => state.state === 'exited');
    const started = own.find(({ state, at }) => state.state === 'running' && ended && at >= ended.at);
    return !started || (world.leases.get(name) ?? 0) <= started.at || readiness(world, name) !== 'True';
  });
  if (nodes.length === 0 || missing.length > 0)
    return { waitingFor: `${missing.map(({ name }) => name).join(', ') || 'nodes'} to end, start and report` };
  return { saw: `${nodes.map(({ name }) => name).join(', ')} restarted, and report again` };
};
