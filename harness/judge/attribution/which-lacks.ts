import type { PlannedWorkload } from '../../model/plan.ts';

/**
 * The subject of a sentence that says what the container of the requests does not have: `it` for the pod, or the
 * container if another one of the pod has it.
 */
export const whichLacks = ({ facts, container }: PlannedWorkload, what: 'readiness' | 'preStop'): string =>
  Object.keys(facts[what]).length > 0 ? `its container ${container}` : 'it';
