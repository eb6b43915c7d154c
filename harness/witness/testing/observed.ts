import type { EventSource } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { ObservedState } from '../observed-state.ts';
import type { Landed } from '../witness.ts';

/** Source, type, subject and data of an event. */
export type ObservedEvent = readonly [EventSource, string, string, Json];

/** The state after these events, which are a microsecond apart. */
export function observedOf(...events: readonly ObservedEvent[]): ObservedState {
  const observed = new ObservedState();
  for (const [index, [source, type, subject, data]] of events.entries())
    observed.see({
      at: 100 + index,
      source,
      type,
      subject,
      data,
      ...(source === 'k8s-event' && { kind: 'Pod', name: subject }),
    });
  return observed;
}

export const injection = { id: 'it', since: 100 };
export const waiting = (answer: Landed) => ('waitingFor' in answer ? answer.waitingFor : `saw ${answer.saw}`);
export const node = (name: string, ready: string, unschedulable = false): ObservedEvent => [
  'node',
  'modified',
  name,
  { ready, unschedulable, taints: [], conditions: [] },
];
export const engine = (name: string, state: string): ObservedEvent => [
  'container',
  state,
  name,
  { state, exitCode: 137 },
];
export const pod = (name: string, more: { readonly [key: string]: Json } = {}): ObservedEvent => [
  'pod',
  'added',
  name,
  { phase: 'Running', node: 'w1', ready: true, containers: [], ...more },
];
export const kubernetesEvent = (subject: string, reason: string): ObservedEvent => [
  'k8s-event',
  'added',
  subject,
  { reason, message: '', type: '' },
];
export const gone = (name: string): ObservedEvent => ['pod', 'deleted', name, {}];
