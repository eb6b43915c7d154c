import { type Deed, deedInWords, type Patch } from '../deed.ts';
import { takeBack } from './changes.ts';
import type { ForeignCluster } from './foreign-cluster.ts';
import { assertSame } from './identity.ts';

/**
 * Undoes what was done in a namespace of a cluster that is not ours. A patch is taken back where nobody has changed the
 * same since; pods that went were made anew by their controller. Throws `NotOurs` on any other cluster.
 */
export async function undoOnForeign(deed: Deed, cluster: ForeignCluster, signal: AbortSignal): Promise<void> {
  if ((deed.kind !== 'patch' && deed.kind !== 'inject') || !deed.cluster)
    throw new Error(`${deedInWords(deed)}: not a deed on a cluster that is not ours`);
  assertSame(deed.cluster, cluster.identity);
  await cluster.assertOurs({ signal });
  if (deed.kind === 'patch') await undoPatch(deed, cluster);
}

async function undoPatch({ ref, changes }: Patch, { kube, tell }: ForeignCluster): Promise<void> {
  const object = await kube.read(ref);
  if (!object) return;
  const { patch, left } = takeBack(object, changes);
  if (Object.keys(patch).length > 0) await kube.patch(ref, patch);
  for (const where of left)
    tell(`${ref.kind} ${ref.name}: ${where} was changed by somebody else since, and is left so`);
}
