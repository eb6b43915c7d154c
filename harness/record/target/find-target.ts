import type { Owner, OwnerKind } from '../../model/owner.ts';
import type { V1LabelSelector, V1Pod, V1Service } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from '../fault/fault.ts';
import { type OwnerObject, ownerInWords, readOwner } from '../fault/owner.ts';
import { selects } from '../fault/selects.ts';
import { addressOf, hasClusterIp, serviceInWords, targetPortOf } from './service.ts';

/** The workload under test, as it was found in the cluster. */
export interface Target {
  readonly namespace: string;
  readonly owner: Owner;
  readonly replicas: number;
  /** The selector of its pods. */
  readonly selector: V1LabelSelector;
  /** Its pods that are not terminating. */
  readonly pods: readonly { readonly name: string; readonly node: string }[];
  /** The Service that clients use. It selects these pods and no others. */
  readonly service: TargetService;
  /** All Services with a cluster IP that select these pods and no others, by name. */
  readonly services: readonly string[];
}

export interface TargetService {
  readonly name: string;
  readonly clusterIp: string;
  readonly port: number;
  /** The port on which the pods get what is sent to `port`. */
  readonly targetPort: number;
  /** The address family of the cluster IP; undefined if the API server does not report it. */
  readonly family: string | undefined;
}

type Place = Pick<NamespaceContext, 'kube' | 'namespace'>;

/** The pods of the namespace that are neither terminating nor completed. */
async function livePods({ kube, namespace }: Place): Promise<readonly V1Pod[]> {
  const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
  return items.filter(
    ({ metadata, status }) =>
      !metadata?.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
}

const isPodOf =
  ({ spec }: OwnerObject) =>
  ({ metadata }: V1Pod): boolean =>
    selects(spec?.selector, metadata?.labels);

/** Whether the Service selects the pods of the owner, and no other pods. */
function selectsExactly({ spec }: V1Service, owner: OwnerObject, live: readonly V1Pod[]): boolean {
  const { selector } = spec ?? {};
  if (!selector || !live.some(isPodOf(owner))) return false;
  return live.every((pod) => selects({ matchLabels: selector }, pod.metadata?.labels) === isPodOf(owner)(pod));
}

const byName = (one: V1Service, other: V1Service): number =>
  (one.metadata?.name ?? '').localeCompare(other.metadata?.name ?? '');

/** The Services of the namespace that select exactly the pods of the owner, by name. */
async function servicesOf({ kube, namespace }: Place, owner: OwnerObject, live: readonly V1Pod[]) {
  const { items } = await kube.list<V1Service>('v1', 'Service', namespace);
  return items.filter((service) => selectsExactly(service, owner, live)).sort(byName);
}

interface Found {
  readonly owner: Owner;
  readonly object: OwnerObject;
}

/**
 * Finds the workload under test by its owner or by the Service that its clients use. Only reads. If several Services
 * select exactly the pods of an owner, the first one by name is chosen. Throws `NoTarget` with the reason if there is no
 * owner, no Service, or more than one owner.
 */
export async function findTarget(
  place: Place,
  by: { readonly owner: Owner } | { readonly service: string },
): Promise<Target> {
  const live = await livePods(place);
  return 'owner' in by ? targetOfOwner(place, by.owner, live) : targetOfService(place, by.service, live);
}

async function targetOfOwner(place: Place, owner: Owner, live: readonly V1Pod[]): Promise<Target> {
  const object = await readOwner({ ...place, owner });
  const words = ownerInWords({ ...place, owner });
  if (!live.some(isPodOf(object))) throw new NoTarget(`${words} has no pod. Scale it up`);
  const exact = await servicesOf(place, object, live);
  const service = exact.find(hasClusterIp) ?? exact[0];
  if (!service)
    throw new NoTarget(
      `no Service in ${place.namespace} selects exactly the pods of ${words}, so their recovery could not be verified. Create a Service whose selector matches these pods and no others`,
    );
  return targetWith(place.namespace, { owner, object }, service, exact, live);
}

async function targetOfService(place: Place, name: string, live: readonly V1Pod[]): Promise<Target> {
  const { kube, namespace } = place;
  const service = await kube.read<V1Service>({ apiVersion: 'v1', kind: 'Service', name, namespace });
  if (!service)
    throw new NoTarget(
      `there is no Service ${namespace}/${name}, which the clients of the workload use. Add it to the objects of the workload`,
    );
  const all = [...(await ownersIn(place, 'Deployment')), ...(await ownersIn(place, 'StatefulSet'))];
  const [found, ...more] = all.filter(({ object }) => selectsExactly(service, object, live));
  if (!found)
    throw new NoTarget(
      `${serviceInWords(service)} does not select exactly the pods of one Deployment or StatefulSet. Change its selector so that it matches the pods of one of them and no others`,
    );
  if (more.length > 0) {
    const owners = [found, ...more].map(({ owner }) => ownerInWords({ namespace, owner })).join(' and ');
    throw new NoTarget(`the pods of ${serviceInWords(service)} belong to ${owners}. Give them different selectors`);
  }
  return targetWith(namespace, found, service, await servicesOf(place, found.object, live), live);
}

async function ownersIn({ kube, namespace }: Place, kind: OwnerKind): Promise<readonly Found[]> {
  const { items } = await kube.list<OwnerObject>('apps/v1', kind, namespace);
  return items.map((object) => ({ owner: { kind, name: object.metadata?.name ?? '' }, object }));
}

function targetWith(
  namespace: string,
  { owner, object }: Found,
  service: V1Service,
  services: readonly V1Service[],
  live: readonly V1Pod[],
): Target {
  const { clusterIp, port } = addressOf(service);
  const pods = live.filter(isPodOf(object));
  return {
    namespace,
    owner,
    replicas: object.spec?.replicas ?? 1,
    selector: object.spec?.selector ?? {},
    pods: pods.map(({ metadata, spec }) => ({ name: metadata?.name ?? '', node: spec?.nodeName ?? '' })),
    service: {
      name: service.metadata?.name ?? '',
      clusterIp,
      port: port.port,
      targetPort: targetPortOf(service, port, pods[0] ?? {}),
      family: service.spec?.ipFamilies?.[0],
    },
    services: services.filter(hasClusterIp).map(({ metadata }) => metadata?.name ?? ''),
  };
}
