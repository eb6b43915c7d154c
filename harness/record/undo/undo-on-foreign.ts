import { isSystemNamespace, patchableOwner } from '../foreign/allowed.ts';
import { fieldInWords, isAllowedChange } from '../foreign/changes.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import { assertSame } from '../foreign/identity.ts';
import { backward, operationsFor, splitMoves } from '../foreign/moves.ts';
import { patchTested } from '../foreign/patch-tested.ts';
import { type Action, actionInWords, type Patch } from './action.ts';

/**
 * Undoes an action in a namespace of a cluster that holdfast did not create. A patch is undone field by field, except
 * for fields that someone else changed since. Deleted pods were replaced by their controller. Throws `NotOurs` for any
 * other cluster.
 */
export async function undoOnForeign(action: Action, cluster: ForeignCluster, signal: AbortSignal): Promise<void> {
  const { cluster: identity } = assertForeign(action);
  assertSame(identity, cluster.identity);
  await cluster.assertOurs({ signal });
  if (action.kind === 'patch') await undoPatch(action, cluster, signal);
}

/**
 * The cluster, the namespace and the owner of an action, according to the journal. Throws unless holdfast could have
 * done the action in such a cluster.
 */
export function assertForeign(action: Action) {
  const refuse = (why: string): never => {
    throw new Error(`${actionInWords(action)}: ${why}`);
  };
  if ((action.kind !== 'patch' && action.kind !== 'inject') || !action.cluster)
    return refuse('this is a change of the lab, not of a cluster behind --context');
  const { cluster } = action;
  const namespace = action.kind === 'inject' ? action.namespace : action.ref.namespace;
  if (isSystemNamespace(namespace))
    return refuse(`namespace ${namespace} belongs to Kubernetes. holdfast changes nothing there`);
  if (action.kind === 'inject') return { cluster, namespace, owner: action.owner };
  const owner = patchableOwner(action.ref);
  if (!owner)
    return refuse('only Deployments and StatefulSets may be patched in a cluster that holdfast did not create');
  const forbidden = action.changes.filter((change) => !isAllowedChange(change)).map(fieldInWords);
  if (forbidden.length > 0)
    return refuse(`${forbidden.join(', ')} must not be changed in a cluster that holdfast did not create`);
  return { cluster, namespace, owner };
}

async function undoPatch({ ref, changes }: Patch, { kube, tell }: ForeignCluster, signal: AbortSignal): Promise<void> {
  let changedSince: readonly string[] = [];
  const operations = (object: object) => {
    const { open, left } = splitMoves(object, changes.map(backward));
    changedSince = left.map(fieldInWords);
    return open.length > 0 ? operationsFor(object, open) : [];
  };
  await patchTested(kube, ref, operations, signal);
  for (const where of changedSince)
    tell(`${ref.kind} ${ref.name}: ${where} was changed by someone else since then, so it is not restored`);
}
