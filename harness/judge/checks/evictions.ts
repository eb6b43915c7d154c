import type { EvictionAnswer } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';

export interface Answered {
  readonly at: Micros;
  readonly pod: string;
  readonly state: EvictionAnswer;
}

/** What the Eviction API answered about pods of the workload, from the fault on: a drain evicts every pod of its node. */
export const ownEvictions = ({ timeline, phases }: ArmEvidence): readonly Answered[] =>
  timeline.evictions
    .filter(({ at, name }) => at >= phases.fault.from && timeline.pods.has(name))
    .map(({ at, name, state }) => ({ at, pod: name, state }));

/** 201: a budget, or none, allowed it. */
export const isAllowed = ({ state }: Answered): boolean => state.code === 201;
/** 429: a budget refused it. */
export const isRefused = ({ state }: Answered): boolean => state.code === 429;
