import { isObject } from './object.ts';

/**
 * Upgrades the plan of a fault. Older plans name a Deployment, in the field `deployment`. Anything else is returned
 * unchanged.
 */
export function upgradeFaultPlan(plan: unknown): unknown {
  if (!isObject(plan) || typeof plan.deployment !== 'string' || 'owner' in plan) return plan;
  const { deployment: name, ...rest } = plan;
  return { owner: { kind: 'Deployment', name }, ...rest };
}

/** Upgrades the plan in an event of `events.ndjson`, if it holds one. */
export function withUpgradedPlan(event: unknown): unknown {
  if (!isObject(event) || event.source !== 'fault' || !isObject(event.data) || !('plan' in event.data)) return event;
  return { ...event, data: { ...event.data, plan: upgradeFaultPlan(event.data.plan) } };
}
