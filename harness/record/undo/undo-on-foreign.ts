import { isPatchable, isSystemNamespace } from '../foreign/allowed.ts';
import { inWords, isAllowedChange } from '../foreign/changes.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import { assertSame } from '../foreign/identity.ts';
import { backward, operationsFor, possible } from '../foreign/moves.ts';
import { patchTested } from '../foreign/patch-tested.ts';
import { type Deed, deedInWords, type Patch } from './action.ts';

/**
 * Undoes what was done in a namespace of a cluster that is not ours. A patch is taken back field by field, but for those
 * that somebody else changed since; pods that went were made anew by their controller. Throws `NotOurs` on any other
 * cluster.
 */
export async function undoOnForeign(deed: Deed, cluster: ForeignCluster, signal: AbortSignal): Promise<void> {
  const { cluster: identity } = assertForeign(deed);
  assertSame(identity, cluster.identity);
  await cluster.assertOurs({ signal });
  if (deed.kind === 'patch') await undoPatch(deed, cluster, signal);
}

/**
 * What is undone of a deed on a cluster that is not ours, as its journal says: the namespace, and the Deployment that must
 * be well again. Throws unless holdfast could have done it there.
 */
export function assertForeign(deed: Deed) {
  const refuse = (why: string): never => {
    throw new Error(`${deedInWords(deed)}: ${why}`);
  };
  if ((deed.kind !== 'patch' && deed.kind !== 'inject') || !deed.cluster)
    return refuse('this is a change of the lab, not of a cluster behind --context');
  const { cluster } = deed;
  const { namespace, deployment } =
    deed.kind === 'inject' ? deed : { namespace: deed.ref.namespace, deployment: deed.ref.name };
  if (isSystemNamespace(namespace))
    return refuse(`namespace ${namespace} belongs to Kubernetes. holdfast changes nothing there`);
  if (deed.kind === 'patch') {
    if (!isPatchable(deed.ref))
      return refuse('only Deployments may be patched in a cluster that holdfast did not create');
    const forbidden = deed.changes.filter((change) => !isAllowedChange(change)).map(inWords);
    if (forbidden.length > 0)
      return refuse(`${forbidden.join(', ')} must not be changed in a cluster that holdfast did not create`);
  }
  return { cluster, namespace, deployment };
}

async function undoPatch({ ref, changes }: Patch, { kube, tell }: ForeignCluster, signal: AbortSignal): Promise<void> {
  let changedSince: readonly string[] = [];
  const operations = (object: object) => {
    const { open, left } = possible(object, changes.map(backward));
    changedSince = left.map(inWords);
    return open.length > 0 ? operationsFor(object, open) : [];
  };
  await patchTested(kube, ref, operations, signal);
  for (const where of changedSince)
    tell(`${ref.kind} ${ref.name}: ${where} was changed by someone else since then, so it is not restored`);
}
