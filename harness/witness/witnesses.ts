import type { Json } from '../model/units.ts';
import { cordoned, drained } from './drain.ts';
import { frozen, poweredOff, restarted } from './node-power.ts';
import { containersRestarted, podsReplaced, scaled } from './pods.ts';
import { rolledOut } from './rollout.ts';
import type { Witness } from './witness.ts';

const witnesses: { readonly [fault: string]: Witness<never> } = {
  rollout: rolledOut,
  scale: scaled,
  'pod-delete': podsReplaced,
  'pod-force-delete': podsReplaced,
  'process-kill': containersRestarted,
  cordon: cordoned,
  drain: drained,
  'node-kill': poweredOff,
  'node-stop': poweredOff,
  'node-pause': frozen,
  'node-restart': restarted,
};

/** Who tells whether a fault of the catalogue landed; undefined for a name that is not in it. */
export const witnessOf = (fault: string): Witness<Json> | undefined =>
  (Object.hasOwn(witnesses, fault) ? witnesses[fault] : undefined) as Witness<Json> | undefined;
