import type { Json, Micros } from '../model/units.ts';
import type { ObservedState } from './observed-state.ts';

/** The answer of a witness: the fault took effect and how that was seen, or what is still missing. */
export type Landed = { readonly saw: string } | { readonly waitingFor: string };

/** The disruption that the witness is asked about. */
export interface Injection {
  readonly id: string;
  /** The time at which the injection began. */
  readonly since: Micros;
}

/**
 * Decides from the observed state, never from the result of the injector, whether a fault took effect. Pure: the
 * recorder asks it until it has seen enough, and the judge asks it again with the recording.
 */
export type Witness<Plan = Json> = (observed: ObservedState, plan: Plan, injection: Injection) => Landed;
