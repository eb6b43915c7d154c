import { upgradeFaultPlan } from '../../recording/upgrade/fault-plan.ts';
import { isObject } from '../../recording/upgrade/object.ts';

/**
 * Upgrades an action in a journal of an older version, in which an injection names a Deployment instead of an owner.
 * Anything else is returned unchanged.
 */
export function upgradeAction(action: unknown): unknown {
  if (!isObject(action) || action.kind !== 'inject' || 'owner' in action) return action;
  const { deployment: name, ...rest } = action;
  return { ...rest, owner: { kind: 'Deployment', name }, plan: upgradeFaultPlan(action.plan) };
}
