import type { Json } from '../model/units.ts';
import { apiServerDown, controlPlaneStopped } from './control-plane.ts';
import { dependencyLate, dependencySilent } from './dependency.ts';
import { cordoned, drained } from './drain.ts';
import { evicted } from './evictions.ts';
import { drainedByKubectl } from './kubectl-drain.ts';
import { underMemoryPressure } from './memory-pressure.ts';
import { podsLate, podsSilent } from './network.ts';
import { frozen, poweredOff, restarted } from './node-power.ts';
import { cardDown, cutOff } from './partition.ts';
import { containersRestarted, crashLooping, podsReplaced, scaled } from './pods.ts';
import { preempted } from './preemption.ts';
import { badVersionStands, rolledOut, rolledOutOrStuck } from './rollout.ts';
import { started } from './started.ts';
import { tainted } from './taint.ts';
import type { Witness } from './witness.ts';

/** The witness of each fault, by the name of the fault. The recorder and the judge ask the same one. */
export const witnesses = {
  rollout: rolledOutOrStuck,
  restart: rolledOut,
  recreate: rolledOut,
  'bad-version': badVersionStands,
  rollback: rolledOut,
  scale: scaled,
  'pod-delete': podsReplaced,
  'pod-force-delete': podsReplaced,
  'process-kill': containersRestarted,
  'out-of-memory': containersRestarted,
  'crash-loop': crashLooping,
  evict: evicted,
  cordon: cordoned,
  drain: drained,
  'kubectl-drain': drainedByKubectl,
  'node-taint': tainted,
  preemption: preempted,
  'node-kill': poweredOff,
  'node-stop': poweredOff,
  'node-pause': frozen,
  'node-restart': restarted,
  'node-partition': cutOff,
  'network-card-down': cardDown,
  'api-server-down': apiServerDown,
  'control-plane-stop': controlPlaneStopped,
  'dependency-off': dependencySilent,
  'dependency-slow': dependencyLate,
  'cpu-burn': started,
  'memory-pressure': underMemoryPressure,
  'network-delay': podsLate,
  'network-policy': podsSilent,
} as const satisfies { readonly [fault: string]: Witness<never> };

/** The witness of a fault; undefined for a name that is not in the catalogue. */
export const witnessOf = (fault: string): Witness<Json> | undefined =>
  (Object.hasOwn(witnesses, fault) ? witnesses[fault as keyof typeof witnesses] : undefined) as
    | Witness<Json>
    | undefined;
