import type { Json } from '../model/units.ts';
import { rolledOut } from './rollout.ts';
import type { Witness } from './witness.ts';

const witnesses: { readonly [fault: string]: Witness<never> } = {
  rollout: rolledOut,
};

/** Who tells whether a fault of the catalogue landed; undefined for a name that is not in it. */
export const witnessOf = (fault: string): Witness<Json> | undefined =>
  (Object.hasOwn(witnesses, fault) ? witnesses[fault] : undefined) as Witness<Json> | undefined;
