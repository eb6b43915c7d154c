import type { Kube } from '../../sys/kube.ts';
import { confine } from './confine.ts';
import { assertSame, type ForeignIdentity, identify } from './identity.ts';

/** A cluster that holdfast did not create. Only one of its namespaces may be changed. */
export interface ForeignCluster {
  readonly identity: ForeignIdentity;
  readonly namespace: string;
  /** A client that is limited to the namespace. */
  readonly kube: Kube;
  /** Throws `NotOurs` unless the context still leads to this cluster. Called before every injection and every heal. */
  readonly assertOurs: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Prints a note for the user. */
  readonly tell: (words: string) => void;
}

/** Identifies the cluster of a context. Only reads. */
export async function openForeignCluster(
  kube: Kube,
  { context, namespace, signal, tell }: OpenOptions,
): Promise<ForeignCluster> {
  const identity = await identify(context, kube, signal);
  return {
    identity,
    namespace,
    kube: confine(kube, namespace),
    assertOurs: async (options) => assertSame(identity, await identify(context, kube, options.signal)),
    tell,
  };
}

interface OpenOptions extends Pick<ForeignCluster, 'namespace' | 'tell'> {
  readonly context: string;
  readonly signal: AbortSignal;
}
