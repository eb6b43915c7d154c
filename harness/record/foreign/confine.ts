import { UsageError } from '../../model/usage-error.ts';
import type { Kube } from '../../sys/kube.ts';
import { isAllowedOperation, isSystemNamespace, patchableOwner } from './allowed.ts';

/** The kinds of objects that faults and observers may read in the namespace. */
const readableKinds: readonly { readonly apiVersion: string; readonly kind: string; readonly plural: string }[] = [
  { apiVersion: 'v1', kind: 'Pod', plural: 'pods' },
  { apiVersion: 'v1', kind: 'Service', plural: 'services' },
  { apiVersion: 'v1', kind: 'Event', plural: 'events' },
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', plural: 'replicasets' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', plural: 'statefulsets' },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', plural: 'endpointslices' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', plural: 'poddisruptionbudgets' },
];

/**
 * A client that is limited to one namespace of a cluster that holdfast did not create. It reads some kinds of objects,
 * sends JSON Patches of some fields of Deployments and StatefulSets, and evicts and deletes pods. Everything else is
 * refused. Throws `UsageError` for a namespace of Kubernetes.
 */
export function confine(kube: Kube, namespace: string): Kube {
  const refuse = (what: string): never => {
    throw new UsageError(
      `refused to ${what}: in this cluster holdfast may only read, patch some fields of Deployments and StatefulSets, and evict and delete pods, in namespace ${namespace}`,
    );
  };
  if (isSystemNamespace(namespace))
    throw new UsageError(`namespace ${namespace} belongs to Kubernetes. holdfast changes nothing there`);
  const within = (what: string, where: string | undefined): void => {
    if (where !== namespace) refuse(what);
  };
  const assertReadable = (what: string, apiVersion: string, kind: string, where: string | undefined): void => {
    within(what, where);
    if (!readableKinds.some((each) => each.apiVersion === apiVersion && each.kind === kind)) refuse(what);
  };
  const paths = readableKinds.map(
    ({ apiVersion, plural }) =>
      `/${apiVersion === 'v1' ? 'api' : 'apis'}/${apiVersion}/namespaces/${namespace}/${plural}`,
  );
  return {
    server: kube.server,
    caCertificate: kube.caCertificate,
    async create({ kind, metadata }) {
      return refuse(`create ${kind} ${metadata?.name}`);
    },
    async read(ref) {
      assertReadable(`read ${ref.kind} ${ref.name}`, ref.apiVersion, ref.kind, ref.namespace);
      return kube.read(ref);
    },
    async readJson(ref) {
      assertReadable(`read ${ref.kind} ${ref.name}`, ref.apiVersion, ref.kind, ref.namespace);
      return kube.readJson(ref);
    },
    async patch(ref) {
      return refuse(`patch ${ref.kind} ${ref.name} without tests`);
    },
    async jsonPatch(ref, operations) {
      const what = `patch ${ref.kind} ${ref.name}`;
      within(what, ref.namespace);
      if (!patchableOwner(ref)) refuse(what);
      for (const operation of operations)
        if (!isAllowedOperation(operation)) refuse(`${what}: ${operation.op} ${operation.path}`);
      await kube.jsonPatch(ref, operations);
    },
    async remove(ref, graceSeconds) {
      const what = `delete ${ref.kind} ${ref.name}`;
      within(what, ref.namespace);
      if (ref.apiVersion !== 'v1' || ref.kind !== 'Pod') refuse(what);
      await kube.remove(ref, graceSeconds);
    },
    async list(apiVersion, kind, where, labels) {
      assertReadable(`list ${kind}`, apiVersion, kind, where);
      return kube.list(apiVersion, kind, where, labels);
    },
    async watch(path, query, onEvent, signal) {
      if (!paths.includes(path)) refuse(`watch ${path}`);
      return kube.watch(path, query, onEvent, signal);
    },
    async evict(where, pod) {
      within(`evict ${pod}`, where);
      return kube.evict(where, pod);
    },
    ready: (signal) => kube.ready(signal),
    async logs(_, pod) {
      return refuse(`logs of ${pod}`);
    },
  };
}
