import type { Probe } from '../../model/facts.ts';
import type { ArmPlan } from '../../model/plan.ts';

/** The readiness probe of the container that serves the requests. Undefined if it has none. */
export const readinessProbe = ({ workload: { facts, container } }: ArmPlan): Probe | undefined =>
  Object.hasOwn(facts.readiness, container) ? facts.readiness[container] : undefined;

/** Whether a pod can be ready only if the container listens: its readiness probe opens a connection. */
export function readyOnlyIfListening(plan: ArmPlan): boolean {
  const probe = readinessProbe(plan);
  return probe !== undefined && !Object.hasOwn(probe, 'exec');
}
