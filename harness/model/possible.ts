import type { Disruption, FaultSpec, TrafficSettings, When } from './experiment.ts';
import type { Budget, Facts } from './facts.ts';
import type { PlannedWorkload } from './plan.ts';
import type { Ms } from './units.ts';

/** The parts of an arm with all settings resolved that decide whether it is possible. */
interface ResolvedArm {
  readonly workload: Pick<PlannedWorkload, 'facts' | 'options'>;
  readonly traffic: TrafficSettings | null;
  readonly disruptions: readonly Disruption[];
}

/** The reasons why an arm is impossible in any cluster, as sentences. */
export const impossibilitiesOf = (arm: ResolvedArm): string[] => [
  ...workloadFlaws(arm),
  ...arm.disruptions.flatMap((each) => disruptionFlaws(each, arm).map((flaw) => `disruption ${each.id}: ${flaw}`)),
  ...circleFlaws(arm.disruptions),
];

/** Whether Kubernetes accepts this as a number of pods: an integer or a percentage. */
const isAmount = (amount: number | string): boolean =>
  typeof amount === 'number' ? Number.isInteger(amount) && amount >= 0 : /^\d{1,3}%$/.test(amount);

const isNothing = (amount: number | string): boolean => Number.parseInt(String(amount), 10) === 0;
const isMoreThanAll = (amount: number | string): boolean =>
  typeof amount === 'string' && Number.parseInt(amount, 10) > 100;

function workloadFlaws({ workload, traffic, disruptions }: ResolvedArm): string[] {
  const { facts, options } = workload;
  const most = mostReplicas(facts, disruptions);
  return [
    ...sleepFlaws(facts),
    ...(traffic ? slowFlaws(Number(options.workMs?.value ?? 0), traffic) : []),
    ...strategyFlaws(facts),
    ...facts.budget.flatMap((budget) => budgetFlaws(budget, most)),
  ];
}

const sleepFlaws = ({ preStop, grace }: Facts): string[] =>
  Object.values(preStop).flatMap((hook) =>
    'sleepSeconds' in hook && hook.sleepSeconds > grace
      ? [
          `the preStop sleep (${hook.sleepSeconds} s) is longer than the grace period (${grace} s), which Kubernetes refuses`,
        ]
      : [],
  );

/** `workMs` is the option for the time that a program works on each request. */
const slowFlaws = (workMs: Ms, { timeoutMs }: TrafficSettings): string[] =>
  workMs >= timeoutMs
    ? [`each request takes ${workMs / 1000} s, but the client waits only ${timeoutMs / 1000} s, so none is answered`]
    : [];

function strategyFlaws({ strategy }: Facts): string[] {
  if (strategy.type !== 'RollingUpdate') return [];
  const { maxSurge, maxUnavailable } = strategy;
  const strange = [
    ...(isAmount(maxSurge) ? [] : [`maxSurge is ${maxSurge}`]),
    ...(isAmount(maxUnavailable) ? [] : [`maxUnavailable is ${maxUnavailable}`]),
  ];
  if (strange.length > 0) return strange.map((flaw) => `${flaw}, but it must be a whole number or a percentage`);
  if (isMoreThanAll(maxUnavailable)) return [`maxUnavailable is ${maxUnavailable}, but it must be at most 100%`];
  if (isNothing(maxSurge) && isNothing(maxUnavailable))
    return ['maxSurge and maxUnavailable are both 0, which Kubernetes refuses because no pod could be replaced'];
  return [];
}

function budgetFlaws(budget: Budget, replicas: number): string[] {
  const [kind, amount] =
    'minAvailable' in budget
      ? (['minAvailable', budget.minAvailable] as const)
      : (['maxUnavailable', budget.maxUnavailable] as const);
  const words = `its disruption budget has ${kind} ${amount}`;
  if (!isAmount(amount)) return [`${words}, but it must be a whole number or a percentage`];
  if (isMoreThanAll(amount)) return [`${words}, but it must be at most 100%`];
  if (kind === 'minAvailable' && typeof amount === 'number' && amount > replicas)
    return [`${words}, but there are only ${replicas} replicas`];
  return [];
}

/** The largest number of replicas in an arm. */
const mostReplicas = ({ replicas }: Facts, disruptions: readonly Disruption[]): number =>
  Math.max(
    replicas,
    ...disruptions.map(({ fault: { name, params } }) =>
      name === 'scale' && typeof params.replicas === 'number' ? params.replicas : 0,
    ),
  );

function disruptionFlaws({ id, until, when, limitMs, fault }: Disruption, arm: ResolvedArm): string[] {
  const { disruptions } = arm;
  const flaws: string[] = [];
  if (limitMs <= 0) flaws.push('its time limit must be longer than 0');
  const most = mostReplicas(arm.workload.facts, arm.disruptions);
  if (until && 'readyAtLeast' in until && until.readyAtLeast > most)
    flaws.push(`it lasts until ${until.readyAtLeast} endpoints are ready, but there are only ${most} replicas`);
  if (until && 'after' in until && (until.after === id || !disruptions.some((other) => other.id === until.after)))
    flaws.push(`it lasts until an event of ${until.after}, but this arm has no other disruption with that id`);
  const of = nodesOf(fault);
  if (of !== undefined && !before(id, disruptions).includes(of))
    flaws.push(`it uses the nodes of ${of} but does not wait for it. Start it after an event of ${of}`);
  if ('delayMs' in when && 'after' in when && when.delayMs < 0) flaws.push('its delay must not be negative');
  return flaws;
}

/** The id of the disruption whose nodes a fault uses. */
function nodesOf({ params: { nodes } }: FaultSpec): string | undefined {
  const of = typeof nodes === 'object' && nodes !== null && 'of' in nodes ? nodes.of : undefined;
  return typeof of === 'string' ? of : undefined;
}

/** The disruptions that a disruption waits for, directly or indirectly. */
function before(id: string, disruptions: readonly Disruption[]): string[] {
  const found: string[] = [];
  for (let next: string | undefined = id; next !== undefined; ) {
    const when: When | undefined = disruptions.find((each) => each.id === next)?.when;
    next = when && 'after' in when && !found.includes(when.after) ? when.after : undefined;
    if (next !== undefined) found.push(next);
  }
  return found;
}

/** Disruptions that wait for each other never start. */
function circleFlaws(disruptions: readonly Disruption[]): string[] {
  const first = disruptions.find(({ id }) => before(id, disruptions).includes(id));
  if (!first) return [];
  return [`${[first.id, ...before(first.id, disruptions)].join(' waits for ')}: so none of them starts`];
}
