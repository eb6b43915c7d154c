import type { Role } from '../../harness/model/experiment.ts';
import type { ArmFindings } from '../../harness/model/finding.ts';

const place: Record<Role, number> = { control: 0, treatment: 1, unprotected: 2 };

/**
 * Arms in the order of reading: control, treatment, then the unprotected ones by their loss. They ran in another order.
 */
export const arranged = (arms: readonly ArmFindings[]): ArmFindings[] =>
  arms.toSorted((one, other) => place[one.role] - place[other.role] || one.requests.failed - other.requests.failed);
