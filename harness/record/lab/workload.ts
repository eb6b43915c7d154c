import type { KubernetesManifest, Workload } from '../../model/experiment.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { poll } from '../../sys/clock.ts';
import type { Kube, KubernetesObject, V1Deployment } from '../../sys/kube.ts';
import type { Lab } from './lab.ts';
import { createNamespace } from './namespace.ts';

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

const deployLimitMs = 90_000;

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
  await createNamespace(run.lab, { name: namespace, run: run.id });
  const objects = workload.objects(arm.workload, {
    namespace,
    image: info.images.specimen,
    evidencePath: `${run.evidencePath}/workload`,
    generatorNode: generator.name,
  });
  for (const object of objects) await kube.create(object as KubernetesObject);

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
