import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import type { KubernetesObject, V1Deployment, V1EndpointSlice, V1Pod, V1Service } from '../../sys/kube.ts';
import { deploymentRef, readDeployment } from '../fault/deployment.ts';
import { NoTarget } from '../fault/fault.ts';
import { selects } from '../fault/selects.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import type { WorkloadObjects } from '../observe/observe.ts';

/** A workload that is available and has its own Service. */
export interface ForeignWorkload extends WorkloadObjects {
  readonly replicas: number;
  readonly pods: readonly { readonly name: string; readonly node: string }[];
  readonly service: string;
}

const settledLimitMs: Ms = 90_000;

/** What a Deployment waits for until every replica is updated and available; undefined if it waits for nothing. */
function unsettled({ metadata, spec, status }: V1Deployment): string | undefined {
  const replicas = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0))
    return 'its controller to observe the latest change';
  const { updatedReplicas = 0, availableReplicas = 0, replicas: all = 0 } = status ?? {};
  if (updatedReplicas === replicas && availableReplicas === replicas && all === replicas) return undefined;
  return `${replicas} updated and available replicas (now ${Math.min(updatedReplicas, availableReplicas)}) and the removal of ${all - replicas} old ones`;
}

/**
 * Waits until the workload is available. A deleted Deployment counts as settled. Throws `NotInTime` with what is
 * missing.
 */
export async function untilSettled(
  { kube, namespace }: ForeignCluster,
  deployment: string,
  signal: AbortSignal,
): Promise<void> {
  await poll(`deployment ${namespace}/${deployment}`, settledLimitMs, signal, async () => {
    const found = await kube.read<V1Deployment>(deploymentRef(namespace, deployment));
    const waitingFor = found && unsettled(found);
    return waitingFor === undefined ? { done: undefined } : { waitingFor };
  });
}

/**
 * Finds the workload and its Service. Only reads. Throws `NoTarget` if it does not exist, is not available, or has no
 * Service by which its recovery could be verified.
 */
export async function findWorkload(cluster: ForeignCluster, name: string): Promise<ForeignWorkload> {
  const { kube, namespace } = cluster;
  const deployment = await readDeployment({ ...cluster, deployment: name });
  const missing = unsettled(deployment);
  if (missing)
    throw new NoTarget(`deployment ${namespace}/${name} is not available before the fault. It waits for ${missing}`);
  const isPod = ({ metadata }: KubernetesObject) => selects(deployment.spec?.selector, metadata?.labels);
  const live = (await kube.list<V1Pod>('v1', 'Pod', namespace)).items.filter(
    ({ metadata, status }) =>
      !metadata?.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
  const { items: services } = await kube.list<V1Service>('v1', 'Service', namespace);
  const own = services.find(({ spec }) => {
    const { selector } = spec ?? {};
    return selector && live.every((pod) => selects({ matchLabels: selector }, pod.metadata?.labels) === isPod(pod));
  });
  if (!live.some(isPod) || !own)
    throw new NoTarget(
      `no Service in ${namespace} selects exactly the pods of ${name}, so their recovery could not be verified`,
    );
  const service = own.metadata?.name ?? '';
  const [family] = own.spec?.ipFamilies ?? [];
  return {
    replicas: deployment.spec?.replicas ?? 1,
    pods: live.filter(isPod).map(({ metadata, spec }) => ({ name: metadata?.name ?? '', node: spec?.nodeName ?? '' })),
    service,
    isPod,
    // A dual-stack Service has two EndpointSlices for each pod.
    isSlice: (object) =>
      object.metadata?.labels?.['kubernetes.io/service-name'] === service &&
      (family === undefined || (object as V1EndpointSlice).addressType === family),
  };
}
