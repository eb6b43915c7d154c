import type { Budget, WorkloadSettings } from './experiment.ts';

/** How a Deployment replaces its pods, with the numbers that bound it. */
export type Strategy =
  | { readonly type: 'RollingUpdate'; readonly maxSurge: number; readonly maxUnavailable: number }
  | { readonly type: 'Recreate' };

export interface AntiAffinity {
  readonly strength: 'preferred' | 'required';
  readonly over: WorkloadSettings['antiAffinityOver'];
}

/**
 * What was planned of a workload. The judge, plan texts and reports ask it here, and not of the settings that an arm
 * happens to be declared by. Times in the unit that Kubernetes takes them in.
 */
export interface Facts {
  readonly replicas: number;
  readonly strategy: Strategy;
  readonly readiness: boolean;
  /** 0: no hook. */
  readonly preStopSeconds: number;
  readonly graceSeconds: number;
  readonly budget: Budget | null;
  readonly antiAffinity: AntiAffinity | null;
  /** The profile of the scheduler that places its pods. */
  readonly scheduler: string;
}

/** The facts of an arm's workload. */
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

/** The numbers that percentages come to, as the Deployment controller rounds: of the surge up, of what is unavailable down. */
function strategyOf({ strategy, maxSurge, maxUnavailable, replicas }: WorkloadSettings): Strategy {
  if (strategy === 'Recreate') return { type: 'Recreate' };
  const share = (percent: string) => (replicas * Number.parseInt(percent, 10)) / 100;
  const surge = typeof maxSurge === 'number' ? maxSurge : Math.ceil(share(maxSurge));
  const unavailable = typeof maxUnavailable === 'number' ? maxUnavailable : Math.floor(share(maxUnavailable));
  // Where both come to nothing, it takes one away: otherwise nothing could be replaced.
  return { type: 'RollingUpdate', maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** How many of so many expected pods a budget wants healthy, rounded as the disruption controller rounds: always up. */
export function desiredHealthy(budget: Budget, expectedPods: number): number {
  const of = (amount: number | string): number =>
    typeof amount === 'number' ? amount : Math.ceil((expectedPods * Number.parseInt(amount, 10)) / 100);
  if ('minAvailable' in budget) return of(budget.minAvailable);
  return Math.max(0, expectedPods - of(budget.maxUnavailable));
}
