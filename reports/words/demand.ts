import type { ArmFindings, Finding } from '../../harness/model/finding.ts';

/** The findings for the demands of an arm, besides its expectation. */
export const demands = ({ findings }: ArmFindings): Finding[] => findings.filter(({ check }) => check === 'demand-met');
