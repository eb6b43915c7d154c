import type { Json, Micros } from '../model/units.ts';
import type { World } from './observed-state.ts';

/** What a witness says: the fault did what it was meant to, and how that was seen; or what is still missing. */
export type Landed = { readonly saw: string } | { readonly waitingFor: string };

/** The disruption in question. */
export interface Injection {
  readonly id: string;
  /** When its injection began. */
  readonly since: Micros;
}

/**
 * Tells from what observers saw, never from what the injector returned. Pure: recording asks it until it has seen enough,
 * and the judge asks it again of the recording.
 */
export type Witness<Plan = Json> = (world: World, plan: Plan, injection: Injection) => Landed;
