import type { CoreV1Event, KubernetesObject, V1Lease, V1PodDisruptionBudget } from '@kubernetes/client-node';
import type {
  BudgetState,
  ContainerState,
  KubernetesEventState,
  LeaseState,
  NodeState,
  OwnerState,
  PodState,
  SliceState,
} from '../../model/event.ts';
import type { V1Deployment, V1EndpointSlice, V1Node, V1Pod, V1StatefulSet } from '../../sys/kube.ts';
import { templateRevision } from '../../sys/template-revision.ts';
import type { RecordedObject } from './recorder.ts';

/** The parts of objects that are recorded: an allow-list, so that no secret and no variable gets into a recording. */

const conditionOf = (conditions: readonly { type: string; status: string }[] | undefined, type: string) =>
  conditions?.find((condition) => condition.type === type)?.status;

export function podState(object: KubernetesObject): PodState {
  const pod = object as V1Pod;
  return {
    node: pod.spec?.nodeName ?? '',
    ip: pod.status?.podIP ?? '',
    phase: pod.status?.phase ?? '',
    ready: conditionOf(pod.status?.conditions, 'Ready') === 'True',
    revision: templateRevision(pod),
    version: pod.metadata?.labels?.version ?? '',
    terminating: pod.metadata?.deletionTimestamp !== undefined,
    graceSeconds: pod.metadata?.deletionGracePeriodSeconds ?? null,
    containers: [...(pod.status?.containerStatuses ?? []), ...sidecarStatuses(pod)].map(
      ({ name, ready, restartCount, state, lastState }): ContainerState => ({
        name,
        ready,
        restartCount,
        state: state?.running ? 'running' : state?.terminated ? 'terminated' : 'waiting',
        reason: state?.terminated?.reason ?? state?.waiting?.reason ?? '',
        exitCode: state?.terminated?.exitCode ?? null,
        ended: endOf(lastState?.terminated),
      }),
    ),
  };
}

/** Sidecars are init containers that keep running. Other init containers end before the pod serves. */
function sidecarStatuses({ spec, status }: V1Pod): NonNullable<NonNullable<V1Pod['status']>['initContainerStatuses']> {
  const sidecars = new Set(
    (spec?.initContainers ?? []).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? [name] : [])),
  );
  return (status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
}

const endOf = (terminated: { readonly reason?: string; readonly exitCode: number } | undefined) =>
  terminated ? { reason: terminated.reason ?? '', exitCode: terminated.exitCode } : null;

/** An endpoint that was written by hand may refer to another object or to none. */
const isPod = (target: { readonly kind?: string } | undefined): boolean => (target?.kind ?? 'Pod') === 'Pod';

/**
 * A missing condition is read as the API defines it since Kubernetes 1.34, and as kube-proxy always did: ready and
 * serving. Older documents define a missing `serving` as `ready`, but kube-proxy routed to such an endpoint all the
 * same.
 */
export function sliceState(object: KubernetesObject): SliceState {
  const slice = object as V1EndpointSlice;
  return {
    service: slice.metadata?.labels?.['kubernetes.io/service-name'] ?? '',
    addressType: slice.addressType as SliceState['addressType'],
    endpoints: (slice.endpoints ?? []).map(({ addresses, targetRef, nodeName, conditions }) => ({
      ip: addresses[0] ?? '',
      pod: (isPod(targetRef) && targetRef?.name) || '',
      uid: (isPod(targetRef) && targetRef?.uid) || '',
      node: nodeName ?? '',
      ready: conditions?.ready ?? true,
      serving: conditions?.serving ?? true,
      terminating: conditions?.terminating ?? false,
    })),
  };
}

export function nodeState(object: KubernetesObject): NodeState {
  const node = object as V1Node;
  const ready = conditionOf(node.status?.conditions, 'Ready');
  return {
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    unschedulable: node.spec?.unschedulable ?? false,
    taints: (node.spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    conditions: (node.status?.conditions ?? [])
      .filter(({ type, status }) => type !== 'Ready' && status === 'True')
      .map(({ type }) => type),
    zone: node.metadata?.labels?.['topology.kubernetes.io/zone'] ?? '',
    rack: node.metadata?.labels?.rack ?? '',
  };
}

export function ownerState(object: KubernetesObject): OwnerState {
  const { metadata, spec, status } = object as V1Deployment | V1StatefulSet;
  return {
    generation: metadata?.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    desired: spec?.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

export function leaseState(object: KubernetesObject): LeaseState {
  return { renewed: String((object as V1Lease).spec?.renewTime ?? '') };
}

export function budgetState(object: KubernetesObject): BudgetState {
  const { status } = object as V1PodDisruptionBudget;
  return {
    desiredHealthy: status?.desiredHealthy ?? 0,
    currentHealthy: status?.currentHealthy ?? 0,
    expectedPods: status?.expectedPods ?? 0,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
  };
}

export function kubernetesEventState(object: KubernetesObject): KubernetesEventState {
  const { reason, message, type } = object as CoreV1Event;
  return { reason: reason ?? '', message: message ?? '', type: type ?? '' };
}

/** The object of a Kubernetes event. In events about nodes the kubelet writes the name of the node as the UID. */
export function involvedObject(object: KubernetesObject): RecordedObject {
  const { uid, kind, namespace, name } = (object as CoreV1Event).involvedObject;
  return { uid: uid ?? name ?? '', kind: kind ?? '', namespace, name: name ?? '' };
}
