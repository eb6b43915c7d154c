import { UsageError } from '../../model/usage-error.ts';
import type { Kube } from '../../sys/kube.ts';

/** Hands for one namespace of a cluster that is not ours: they read there, patch, evict pods and delete pods, and do nothing else. */
export function confine(kube: Kube, namespace: string): Kube {
  const refuse = (what: string): never => {
    throw new UsageError(
      `${what}: on a cluster that is not ours only reads, patches, evictions and deletions of pods are done, in namespace ${namespace}`,
    );
  };
  const within = (what: string, where: string | undefined): void => {
    if (where !== namespace) refuse(what);
  };
  return {
    server: kube.server,
    caCertificate: kube.caCertificate,
    async create({ kind, metadata }) {
      return refuse(`create ${kind} ${metadata?.name}`);
    },
    async read(ref) {
      within(`read ${ref.kind} ${ref.name}`, ref.namespace);
      return kube.read(ref);
    },
    async patch(ref, patch) {
      within(`patch ${ref.kind} ${ref.name}`, ref.namespace);
      await kube.patch(ref, patch);
    },
    async remove(ref, graceSeconds) {
      const what = `delete ${ref.kind} ${ref.name}`;
      within(what, ref.namespace);
      if (ref.kind !== 'Pod') refuse(what);
      await kube.remove(ref, graceSeconds);
    },
    async list(apiVersion, kind, where, labels) {
      within(`list ${kind}`, where);
      return kube.list(apiVersion, kind, where, labels);
    },
    async watch(path, query, onEvent, signal) {
      if (!path.includes(`/namespaces/${namespace}/`)) refuse(`watch ${path}`);
      return kube.watch(path, query, onEvent, signal);
    },
    async evict(where, pod) {
      within(`evict ${pod}`, where);
      return kube.evict(where, pod);
    },
    ready: (signal) => kube.ready(signal),
    async logs(where, pod, previous) {
      within(`logs of ${pod}`, where);
      return kube.logs(where, pod, previous);
    },
  };
}
