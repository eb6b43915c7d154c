import type { Json } from './units.ts';

/** A number of pods, or a percentage of the replicas such as `25%`. */
export type Amount = number | string;

/** How an owner replaces its pods. StatefulSets have no `maxSurge`, and no `Recreate`. */
export type Strategy =
  | { readonly type: 'RollingUpdate'; readonly maxSurge: Amount; readonly maxUnavailable: Amount }
  | { readonly type: 'Recreate' }
  | { readonly type: 'OnDelete' };

/** A probe with the fields of Kubernetes. Fields that have the default of the API are left out. */
export type Probe = { readonly [field: string]: Json };

/** A preStop hook. */
export type PreStop =
  | { readonly sleepSeconds: number }
  | { readonly exec: readonly string[] }
  | { readonly httpGet: Json };

/** The limit of a PodDisruptionBudget, in one of its two forms. */
export type BudgetLimit = { readonly minAvailable: Amount } | { readonly maxUnavailable: Amount };

/**
 * A PodDisruptionBudget that selects the pods. `name` and `selector` are left out if they are those of the owner, and
 * `unhealthyPodEvictionPolicy` if it is the API's default.
 */
export type Budget = BudgetLimit & {
  readonly name?: string;
  readonly selector?: Json;
  readonly unhealthyPodEvictionPolicy?: string;
};

/** A rule that keeps replicas in different domains. `over` is a topology key, or a name for one in the lab. */
export type AntiAffinity = {
  readonly strength: 'preferred' | 'required';
  readonly over: string;
};

/** A topology spread constraint with the fields of Kubernetes; the selector is left out if it is the owner's. */
export type TopologySpread = { readonly [field: string]: Json };

/** Requests and limits with the fields of Kubernetes. */
export type Resources = { readonly [field: string]: Json };

/** Values by the name of the container that has one. */
export type ByContainer<Value> = { readonly [container: string]: Value };

/**
 * The guarantees of a workload, as read from its objects. The judge, plan texts and reports use these. Times have the
 * unit that Kubernetes uses. Facts that older recordings do not have are undefined.
 */
export type Facts = {
  readonly replicas: number;
  readonly strategy: Strategy;
  readonly readiness: ByContainer<Probe>;
  readonly preStop: ByContainer<PreStop>;
  /** The termination grace period in seconds. */
  readonly grace: number;
  readonly budget: readonly Budget[];
  readonly antiAffinity: readonly AntiAffinity[];
  readonly minReadySeconds?: number | undefined;
  readonly liveness?: ByContainer<Probe> | undefined;
  readonly startup?: ByContainer<Probe> | undefined;
  readonly stopSignal?: ByContainer<string> | undefined;
  readonly topologySpread?: readonly TopologySpread[] | undefined;
  /** The name of its priority class; null without one. */
  readonly priority?: string | null | undefined;
  readonly resources?: ByContainer<Resources> | undefined;
};

/** The name of a guarantee. */
export type GuaranteeName = keyof Facts;

/** The limits of a rolling update in pods. */
export interface RollingLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * Converts percentages to pods, rounded like in the Deployment controller: maxSurge up, maxUnavailable down. Undefined if
 * there is no rolling update.
 */
export function rollingLimits({ strategy, replicas }: Pick<Facts, 'strategy' | 'replicas'>): RollingLimits | undefined {
  if (strategy.type !== 'RollingUpdate') return undefined;
  const surge = pods(strategy.maxSurge, replicas, Math.ceil);
  const unavailable = pods(strategy.maxUnavailable, replicas, Math.floor);
  // If both are 0, the controller uses maxUnavailable 1, because otherwise it could not replace a pod.
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const pods = (amount: Amount, all: number, rounded: (pods: number) => number): number =>
  typeof amount === 'number' ? amount : rounded((all * Number.parseInt(amount, 10)) / 100);

/** The number of healthy pods that a budget demands, rounded up like in the disruption controller. */
export function desiredHealthy(budget: BudgetLimit, expectedPods: number): number {
  if ('minAvailable' in budget) return pods(budget.minAvailable, expectedPods, Math.ceil);
  return Math.max(0, expectedPods - pods(budget.maxUnavailable, expectedPods, Math.ceil));
}

/** The seconds of a container's preStop sleep: 0 without a hook, undefined if another hook decides how long it takes. */
export function preStopSleep({ preStop }: Pick<Facts, 'preStop'>, container: string): number | undefined {
  const hook = Object.hasOwn(preStop, container) ? preStop[container] : undefined;
  if (hook === undefined) return 0;
  return 'sleepSeconds' in hook ? hook.sleepSeconds : undefined;
}
