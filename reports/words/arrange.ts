import type { Role } from '../../harness/model/experiment.ts';
import type { ArmFindings } from '../../harness/model/finding.ts';

const place: Record<Role, number> = { control: 0, treatment: 1, unprotected: 2 };

/** The order of reading: control, treatment, unprotected. Arms ran in another order. */
export const byRole = (one: { readonly role: Role }, other: { readonly role: Role }): number =>
  place[one.role] - place[other.role];

/** Arms in the order of reading, those with the same role by their loss. */
export const arranged = (arms: readonly ArmFindings[]): ArmFindings[] =>
  arms.toSorted((one, other) => byRole(one, other) || one.requests.failed - other.requests.failed);
