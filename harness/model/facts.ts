import type { Budget, WorkloadSettings } from './experiment.ts';

/** How a Deployment replaces its pods, with the limits in pods. */
export type Strategy =
  | { readonly type: 'RollingUpdate'; readonly maxSurge: number; readonly maxUnavailable: number }
  | { readonly type: 'Recreate' };

export interface AntiAffinity {
  readonly strength: 'preferred' | 'required';
  readonly over: WorkloadSettings['antiAffinityOver'];
}

/**
 * The planned properties of a workload. The judge, plan texts and reports use these and not the settings of the
 * specimen. Times have the unit that Kubernetes uses.
 */
export interface Facts {
  readonly replicas: number;
  readonly strategy: Strategy;
  readonly readiness: boolean;
  /** 0 means no hook. */
  readonly preStopSeconds: number;
  readonly graceSeconds: number;
  readonly budget: Budget | null;
  readonly antiAffinity: AntiAffinity | null;
  /** The scheduler profile of its pods. */
  readonly scheduler: string;
}

/** The facts about the workload of an arm. */
export function factsOf({ workload }: { readonly workload: WorkloadSettings }): Facts {
  const { replicas, readiness, preStopSeconds, graceSeconds, budget, scheduler } = workload;
  return {
    replicas,
    strategy: strategyOf(workload),
    readiness,
    preStopSeconds,
    graceSeconds,
    budget,
    antiAffinity:
      workload.antiAffinity === 'none' ? null : { strength: workload.antiAffinity, over: workload.antiAffinityOver },
    scheduler,
  };
}

/** Converts percentages to pods, rounded like in the Deployment controller: maxSurge up, maxUnavailable down. */
function strategyOf({ strategy, maxSurge, maxUnavailable, replicas }: WorkloadSettings): Strategy {
  if (strategy === 'Recreate') return { type: 'Recreate' };
  const share = (percent: string) => (replicas * Number.parseInt(percent, 10)) / 100;
  const surge = typeof maxSurge === 'number' ? maxSurge : Math.ceil(share(maxSurge));
  const unavailable = typeof maxUnavailable === 'number' ? maxUnavailable : Math.floor(share(maxUnavailable));
  // If both are 0, the controller uses maxUnavailable 1, because otherwise it could not replace a pod.
  return { type: 'RollingUpdate', maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** The number of healthy pods that a budget demands, rounded up like in the disruption controller. */
export function desiredHealthy(budget: Budget, expectedPods: number): number {
  const of = (amount: number | string): number =>
    typeof amount === 'number' ? amount : Math.ceil((expectedPods * Number.parseInt(amount, 10)) / 100);
  if ('minAvailable' in budget) return of(budget.minAvailable);
  return Math.max(0, expectedPods - of(budget.maxUnavailable));
}
