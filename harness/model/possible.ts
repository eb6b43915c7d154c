import type { Budget, Disruption, FaultSpec, TrafficSettings, When, WorkloadSettings } from './experiment.ts';

/** What is asked of Kubernetes and of the clock, with all settings of an arm resolved. */
interface ResolvedArm {
  readonly workload: WorkloadSettings;
  readonly traffic: TrafficSettings | null;
  readonly disruptions: readonly Disruption[];
}

/** Why an arm cannot go as it is written, whatever the cluster does, as sentences. */
export const impossibilitiesOf = (arm: ResolvedArm): string[] => [
  ...workloadFlaws(arm),
  ...arm.disruptions.flatMap((each) => disruptionFlaws(each, arm).map((flaw) => `disruption ${each.id}: ${flaw}`)),
  ...circleFlaws(arm.disruptions),
];

/** What Kubernetes takes as an amount of pods: a whole number, or a percentage. */
const isAmount = (amount: number | string): boolean =>
  typeof amount === 'number' ? Number.isInteger(amount) && amount >= 0 : /^\d{1,3}%$/.test(amount);

const isNothing = (amount: number | string): boolean => Number.parseInt(String(amount), 10) === 0;
const isMoreThanAll = (amount: number | string): boolean =>
  typeof amount === 'string' && Number.parseInt(amount, 10) > 100;

function workloadFlaws({ workload, traffic, disruptions }: ResolvedArm): string[] {
  const { preStopSeconds, graceSeconds, workMs, strategy, budget } = workload;
  const flaws: string[] = [];
  if (preStopSeconds > graceSeconds)
    flaws.push(
      `a preStop sleep of ${preStopSeconds} s does not fit into a grace period of ${graceSeconds} s; Kubernetes refuses it`,
    );
  if (traffic && workMs >= traffic.timeoutMs)
    flaws.push(
      `each request is worked on for ${workMs / 1000} s, and its client waits ${traffic.timeoutMs / 1000} s: not one is answered`,
    );
  if (strategy === 'RollingUpdate') flaws.push(...strategyFlaws(workload));
  return budget ? [...flaws, ...budgetFlaws(budget, mostReplicas(workload, disruptions))] : flaws;
}

function strategyFlaws({ maxSurge, maxUnavailable }: WorkloadSettings): string[] {
  const strange = [
    ...(isAmount(maxSurge) ? [] : [`maxSurge is ${maxSurge}`]),
    ...(isAmount(maxUnavailable) ? [] : [`maxUnavailable is ${maxUnavailable}`]),
  ];
  if (strange.length > 0) return strange.map((flaw) => `${flaw}, which is neither a whole number nor a percentage`);
  if (isMoreThanAll(maxUnavailable)) return [`maxUnavailable is ${maxUnavailable}, which is more than all`];
  if (isNothing(maxSurge) && isNothing(maxUnavailable))
    return ['maxSurge and maxUnavailable are both 0: nothing could be replaced, and Kubernetes refuses it'];
  return [];
}

function budgetFlaws(budget: Budget, replicas: number): string[] {
  const [kind, amount] =
    'minAvailable' in budget
      ? (['minAvailable', budget.minAvailable] as const)
      : (['maxUnavailable', budget.maxUnavailable] as const);
  const words = `its disruption budget has ${kind} ${amount}`;
  if (!isAmount(amount)) return [`${words}, which is neither a whole number nor a percentage`];
  if (isMoreThanAll(amount)) return [`${words}, which is more than all`];
  if (kind === 'minAvailable' && typeof amount === 'number' && amount > replicas)
    return [`${words}, and there are ${replicas} replicas`];
  return [];
}

/** The most replicas that an arm asks for. */
const mostReplicas = ({ replicas }: WorkloadSettings, disruptions: readonly Disruption[]): number =>
  Math.max(
    replicas,
    ...disruptions.map(({ fault: { name, params } }) =>
      name === 'scale' && typeof params.replicas === 'number' ? params.replicas : 0,
    ),
  );

function disruptionFlaws({ id, until, when, limitMs, fault }: Disruption, arm: ResolvedArm): string[] {
  const { disruptions } = arm;
  const flaws: string[] = [];
  if (limitMs <= 0) flaws.push('it is given up after no time at all');
  const most = mostReplicas(arm.workload, arm.disruptions);
  if (until && 'readyAtLeast' in until && until.readyAtLeast > most)
    flaws.push(`it lasts until ${until.readyAtLeast} endpoints are ready, and there are ${most} replicas`);
  if (until && 'after' in until && (until.after === id || !disruptions.some((other) => other.id === until.after)))
    flaws.push(`it lasts until an event of ${until.after}, which is no other disruption of this arm`);
  const of = nodesOf(fault);
  if (of !== undefined && !before(id, disruptions).includes(of))
    flaws.push(`it takes the nodes of ${of}, and does not wait for it: let it start after an event of ${of}`);
  if ('delayMs' in when && 'after' in when && when.delayMs < 0) flaws.push('it starts before what it waits for');
  return flaws;
}

/** The disruption whose nodes a fault takes. */
function nodesOf({ params: { nodes } }: FaultSpec): string | undefined {
  const of = typeof nodes === 'object' && nodes !== null && 'of' in nodes ? nodes.of : undefined;
  return typeof of === 'string' ? of : undefined;
}

/** What a disruption waits for before it starts, what that waits for, and so on. */
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
  return [`${[first.id, ...before(first.id, disruptions)].join(' waits for ')}: none of them ever starts`];
}
