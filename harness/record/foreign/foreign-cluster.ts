import type { Kube } from '../../sys/kube.ts';
import { confine } from './confine.ts';
import { assertSame, type ForeignIdentity, identify } from './identity.ts';

/** Anybody's cluster, of which one namespace may be touched. */
export interface ForeignCluster {
  readonly identity: ForeignIdentity;
  readonly namespace: string;
  /** Confined to that namespace. */
  readonly kube: Kube;
  /** Throws `NotOurs` unless the cluster that answers is still this one: asked before every injection and every heal. */
  readonly assertOurs: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Tells whoever looks on what was met. */
  readonly tell: (words: string) => void;
}

/** Looks who answers behind a context. Reads only. */
export async function lookAt(kube: Kube, { context, namespace, signal, tell }: LookOptions): Promise<ForeignCluster> {
  const identity = await identify(context, kube, signal);
  return {
    identity,
    namespace,
    kube: confine(kube, namespace),
    assertOurs: async (options) => assertSame(identity, await identify(context, kube, options.signal)),
    tell,
  };
}

interface LookOptions extends Pick<ForeignCluster, 'namespace' | 'tell'> {
  readonly context: string;
  readonly signal: AbortSignal;
}
