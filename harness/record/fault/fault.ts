import type { FaultSpec } from '../../model/experiment.ts';
import type { Json } from '../../model/units.ts';
import type { Lab } from '../lab.ts';
import type { World } from '../world.ts';

/** Where a fault acts. */
export interface FaultContext {
  readonly lab: Lab;
  readonly namespace: string;
  readonly deployment: string;
  readonly signal: AbortSignal;
}

/** What a witness says: the fault is over and done, or what is still missing. */
export type Landed = { readonly done: true } | { readonly waitingFor: string };

/** A fault and how it is undone, in one file. Its plan is plain data, so that the journal alone can heal it. */
export interface Fault<Plan extends Json = Json> {
  readonly name: string;
  /** Reads only. Throws when there is no target. */
  plan(context: FaultContext, params: FaultSpec['params']): Promise<Plan>;
  inject(context: FaultContext, plan: Plan): Promise<void>;
  /** Idempotent, from the plan alone. */
  heal(context: FaultContext, plan: Plan): Promise<void>;
  /** From what observers saw, never from what `inject` returned. */
  landed(world: World, plan: Plan): Landed;
}
