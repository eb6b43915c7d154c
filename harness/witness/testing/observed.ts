import type { EventSource } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { World } from '../observed-state.ts';
import type { Landed } from '../witness.ts';

/** Source, type, subject and data of an event. */
export type Sight = readonly [EventSource, string, string, Json];

/** A world in which this was seen, a microsecond apart. */
export function worldOf(...sights: readonly Sight[]): World {
  const world = new World();
  for (const [index, [source, type, subject, data]] of sights.entries())
    world.see({
      at: 100 + index,
      source,
      type,
      subject,
      data,
      ...(source === 'k8s-event' && { kind: 'Pod', name: subject }),
    });
  return world;
}

export const injection = { id: 'it', since: 100 };
export const waiting = (answer: Landed) => ('waitingFor' in answer ? answer.waitingFor : `saw ${answer.saw}`);
export const node = (name: string, ready: string, unschedulable = false): Sight => [
  'node',
  'modified',
  name,
  { ready, unschedulable, taints: [], conditions: [] },
];
export const engine = (name: string, state: string): Sight => ['container', state, name, { state, exitCode: 137 }];
export const pod = (name: string, more: { readonly [key: string]: Json } = {}): Sight => [
  'pod',
  'added',
  name,
  { phase: 'Running', node: 'w1', ready: true, containers: [], ...more },
];
export const said = (subject: string, reason: string): Sight => [
  'k8s-event',
  'added',
  subject,
  { reason, message: '', type: '' },
];
export const gone = (name: string): Sight => ['pod', 'deleted', name, {}];
