import type { GuaranteeName } from '../model/facts.ts';
import { antiAffinity } from './anti-affinity.ts';
import { budget } from './budget.ts';
import { grace } from './grace.ts';
import type { Guarantee } from './guarantee.ts';
import { minReadySeconds } from './min-ready.ts';
import { preStop } from './pre-stop.ts';
import { priority } from './priority.ts';
import { liveness, readiness, startup } from './probes.ts';
import { replicas } from './replicas.ts';
import { resources } from './resources.ts';
import { stopSignal } from './stop-signal.ts';
import { strategy } from './strategy.ts';
import { topologySpread } from './topology-spread.ts';

const byName: { readonly [Name in GuaranteeName]-?: Guarantee<Name> } = {
  replicas,
  readiness,
  preStop,
  grace,
  budget,
  antiAffinity,
  strategy,
  minReadySeconds,
  liveness,
  startup,
  stopSignal,
  topologySpread,
  priority,
  resources,
};

/** Every guarantee, in the order in which they are printed. */
export const guarantees: readonly Guarantee[] = Object.values(byName) as readonly Guarantee[];

/** The guarantee of this name. */
export const guaranteeNamed = (name: string): Guarantee | undefined => guarantees.find((each) => each.name === name);
