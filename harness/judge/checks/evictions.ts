import type { EvictionAnswer } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';

export interface PodEviction {
  readonly at: Micros;
  readonly pod: string;
  readonly state: EvictionAnswer;
}

/** The Eviction API’s answers for pods of the workload from the fault on. A drain evicts every pod of its node. */
export const ownEvictions = ({ timeline, phases }: ArmEvidence): readonly PodEviction[] =>
  timeline.evictions
    .filter(({ at, name }) => at >= phases.fault.from && timeline.pods.has(name))
    .map(({ at, name, state }) => ({ at, pod: name, state }));

/** 201: allowed by the budget, or there is none. */
export const isAllowed = ({ state }: PodEviction): boolean => state.code === 201;
/** 429: refused by a budget. */
export const isRefused = ({ state }: PodEviction): boolean => state.code === 429;
