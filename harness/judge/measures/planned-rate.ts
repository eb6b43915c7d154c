import type { ArmPlan } from '../../model/plan.ts';
import type { Connection } from '../../model/request.ts';

/** The planned requests per second on connections of a kind; 0 if there are none. */
export const plannedRate = ({ traffic }: ArmPlan, conn: Connection): number =>
  (conn === 'fresh' ? traffic?.freshPerSecond : traffic?.keptAlivePerSecond) ?? 0;
