import type { Workload } from '../model/experiment.ts';
import type { ArmPlan } from '../model/plan.ts';
import { until } from '../sys/clock.ts';
import type { Kube, KubernetesObject, V1Deployment, V1Pod } from '../sys/kube.ts';
import type { Lab } from './lab.ts';

/** A workload that is available, and the address that its clients use. */
export interface Target {
  readonly namespace: string;
  readonly deployment: string;
  readonly clusterIp: string;
  readonly url: string;
}

const namespaceLabel = 'holdfast.dev/run';
const deployLimitMs = 90_000;
export const goneLimitMs = 90_000;

/** Removes an arm's namespace and waits until nothing of it is left: pods first, with no time for their hooks. */
export async function removeNamespace(
  { kube }: Pick<Lab, 'kube'>,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
  await kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  await Promise.all(
    items.map(({ metadata }) =>
      kube.remove({ apiVersion: 'v1', kind: 'Pod', name: metadata?.name ?? '', namespace }, 1),
    ),
  );
  await until(`namespace ${namespace} to be gone`, goneLimitMs, signal, async () =>
    (await kube.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))
      ? { waitingFor: 'its last objects' }
      : { done: true },
  );
}

/** Nodes that take pods of a workload, in the order of their names. */
const workersOf = ({ info, generator }: Lab): string[] =>
  info.nodes.filter(({ role, name }) => role === 'worker' && name !== generator.name).map(({ name }) => name);

/** The scheduler reckons with pods that are there before it is asked for others. */
const untilRunning = (kube: Kube, namespace: string, wanted: number, signal: AbortSignal) =>
  until('pods that keep nodes busy', deployLimitMs, signal, async () => {
    const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
    const running = items.filter(({ status }) => status?.phase === 'Running').length;
    return running >= wanted ? { done: true } : { waitingFor: `${wanted - running} to run` };
  });

/** Deploys the arm's workload into its own namespace. Resolves when every replica is available, or throws what is missing. */
export async function deploy(
  arm: ArmPlan,
  workload: Workload,
  run: {
    readonly lab: Lab;
    readonly id: string;
    readonly evidencePath: string;
    readonly signal: AbortSignal;
  },
): Promise<Target> {
  const { kube, info, generator } = run.lab;
  const { namespace } = arm;
  await kube.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [namespaceLabel]: run.id } },
  });
  const objects = workload.objects(arm.workload, {
    namespace,
    image: info.images.specimen,
    evidencePath: `${run.evidencePath}/workload`,
    generatorNode: generator.name,
    busyNodes: workersOf(run.lab).slice(0, arm.workload.busyWorkers),
  });
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  for (const pod of pods) await kube.create(pod as KubernetesObject);
  if (pods.length > 0) await untilRunning(kube, namespace, pods.length, run.signal);
  for (const object of objects) if (object.kind !== 'Pod') await kube.create(object as KubernetesObject);

  const named = (kind: string) => objects.find((object) => object.kind === kind)?.metadata?.name;
  const [deployment, service] = [named('Deployment'), named('Service')];
  if (!deployment || !service) throw new Error('a workload needs a Deployment and a Service');
  await until(`deployment ${namespace}/${deployment}`, deployLimitMs, run.signal, async () => {
    const now = await kube.read<V1Deployment>({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: deployment,
      namespace,
    });
    const available = now?.status?.availableReplicas ?? 0;
    if (available >= arm.workload.replicas) return { done: true };
    return { waitingFor: `${available} of ${arm.workload.replicas} replicas to be available` };
  });
  const found = await kube.read<KubernetesObject & { spec?: { clusterIP?: string; ports?: { port: number }[] } }>({
    apiVersion: 'v1',
    kind: 'Service',
    name: service,
    namespace,
  });
  const clusterIp = found?.spec?.clusterIP;
  if (!clusterIp) throw new Error(`service ${namespace}/${service} has no cluster IP`);
  return { namespace, deployment, clusterIp, url: `http://${clusterIp}:${found.spec?.ports?.[0]?.port ?? 80}/` };
}
