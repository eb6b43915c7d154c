import type { ArmPlan } from '../../model/plan.ts';
import type { Connection } from '../../model/request.ts';

/** Requests a second that an arm planned on connections of a kind; 0 if none. */
export const plannedRate = ({ traffic }: ArmPlan, conn: Connection): number =>
  (conn === 'fresh' ? traffic?.freshPerSecond : traffic?.keptAlivePerSecond) ?? 0;
