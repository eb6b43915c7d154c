import type { KubernetesManifest, Workload } from '../../model/experiment.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { poll } from '../../sys/clock.ts';
import type { Kube, KubernetesObject, V1Deployment, V1Pod } from '../../sys/kube.ts';
import type { Lab } from './lab.ts';

/** A deployed workload that is available, and the address for its clients. */
export interface DeployedWorkload {
  readonly namespace: string;
  readonly deployment: string;
  readonly clusterIp: string;
  readonly url: string;
  /** The port that its pods listen on. */
  readonly podPort: number;
  /** `host:port` of its dependency; undefined if it has none. */
  readonly dependency: string | undefined;
}

const namespaceLabel = 'holdfast.dev/run';
const deployLimitMs = 90_000;
export const goneLimitMs = 90_000;

/** Removes the namespace of an arm and waits until it is gone. It first deletes the pods with a grace period of 1 s. */
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
  await poll(`namespace ${namespace} to be gone`, goneLimitMs, signal, async () =>
    (await kube.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))
      ? { waitingFor: 'its last objects to be deleted' }
      : { done: true },
  );
}

/** The workers that run pods of the workload, in the order of the cluster. */
const workersOf = ({ info, generator }: Lab): string[] =>
  info.nodes.filter(({ role, name }) => role === 'worker' && name !== generator.name).map(({ name }) => name);

/** The busy pods must run first, so that the scheduler takes their requests into account. */
const untilRunning = (kube: Kube, namespace: string, wanted: number, signal: AbortSignal) =>
  poll('pods that keep nodes busy', deployLimitMs, signal, async () => {
    const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
    const running = items.filter(({ status }) => status?.phase === 'Running').length;
    return running >= wanted ? { done: true } : { waitingFor: `${wanted - running} pods to run` };
  });

/**
 * Deploys the workload of the arm into its own namespace. Resolves when every replica is available. Throws `NotInTime`
 * with what is missing.
 */
export async function deploy(
  arm: ArmPlan,
  workload: Workload,
  run: {
    readonly lab: Lab;
    readonly id: string;
    readonly evidencePath: string;
    readonly signal: AbortSignal;
  },
): Promise<DeployedWorkload> {
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

  const names = objects.flatMap(({ kind, metadata }) => (kind === 'Deployment' ? [metadata?.name ?? ''] : []));
  for (const name of names) await untilAvailable(kube, { namespace, name }, run.signal);
  return targetOf(kube, namespace, objects);
}

/** The dependency of a workload has this label. */
const isDependency = ({ metadata }: KubernetesManifest): boolean =>
  metadata?.labels?.['holdfast.dev/dependency'] === 'true';

async function targetOf(
  kube: Kube,
  namespace: string,
  objects: readonly KubernetesManifest[],
): Promise<DeployedWorkload> {
  const named = (wanted: string, ofDependency: boolean) =>
    objects.find((object) => object.kind === wanted && isDependency(object) === ofDependency)?.metadata?.name;
  const [deployment, service] = [named('Deployment', false), named('Service', false)];
  if (!deployment || !service) throw new Error('a workload needs a Deployment and a Service');
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, namespace };
  const template = (await kube.read<V1Deployment>(ref))?.spec?.template;
  const { clusterIp, port } = await addressOf(kube, namespace, service);
  const dependency = named('Service', true);
  return {
    namespace,
    deployment,
    clusterIp,
    url: `http://${clusterIp}:${port}/`,
    podPort: template?.spec?.containers[0]?.ports?.[0]?.containerPort ?? port,
    dependency: dependency === undefined ? undefined : await hostAndPort(kube, namespace, dependency),
  };
}

/** Waits until all replicas are available. */
const untilAvailable = (
  kube: Kube,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
) =>
  poll(`deployment ${namespace}/${name}`, deployLimitMs, signal, async () => {
    const now = await kube.read<V1Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace });
    const [available, wanted] = [now?.status?.availableReplicas ?? 0, now?.spec?.replicas ?? 1];
    if (available >= wanted) return { done: true };
    return { waitingFor: `${available} of ${wanted} replicas to be available` };
  });

type Service = KubernetesObject & {
  readonly spec?: { readonly clusterIP?: string; readonly ports?: { port: number }[] };
};

async function addressOf(kube: Kube, namespace: string, name: string) {
  const found = await kube.read<Service>({ apiVersion: 'v1', kind: 'Service', name, namespace });
  const clusterIp = found?.spec?.clusterIP;
  if (!clusterIp) throw new Error(`service ${namespace}/${name} has no cluster IP`);
  return { clusterIp, port: found.spec?.ports?.[0]?.port ?? 80 };
}

async function hostAndPort(kube: Kube, namespace: string, name: string): Promise<string> {
  const { clusterIp, port } = await addressOf(kube, namespace, name);
  return `${clusterIp}:${port}`;
}
