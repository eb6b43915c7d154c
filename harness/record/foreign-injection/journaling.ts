import { applyPatch } from 'rfc6902';
import { isStale, type KubernetesObject, type ObjectRef } from '../../sys/kube.ts';
import { strategicMerge } from '../../sys/strategic-merge.ts';
import { NoTarget } from '../fault/fault.ts';
import type { Change } from '../foreign/change.ts';
import { changesBetween, fieldInWords } from '../foreign/changes.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import { forward, operationsFor, splitMoves } from '../foreign/moves.ts';
import { patchTested } from '../foreign/patch-tested.ts';
import type { Action } from '../undo/action.ts';
import type { ActionLog, PendingAction } from '../undo/action-log.ts';

/**
 * Wraps a cluster and an action log. The client of the wrapped cluster writes every patch with the previous values to
 * the journal, then sends a JSON Patch that fails if someone else changed the same fields. An action of the wrapped log
 * also undoes the patches that were made for it.
 */
export function journaling(
  cluster: ForeignCluster,
  actions: Pick<ActionLog, 'begin'>,
  signal: AbortSignal,
): { readonly cluster: ForeignCluster; readonly actions: Pick<ActionLog, 'begin'> } {
  const patches: PendingAction[] = [];
  const { kube, identity, namespace } = cluster;
  const make = async (
    { apiVersion, kind, name, namespace: where = '' }: ObjectRef,
    wanted: (object: KubernetesObject) => object,
  ): Promise<void> => {
    const ref = { apiVersion, kind, name, namespace: where };
    const what = `${kind} ${namespace}/${name}`;
    const object = await kube.readJson(ref);
    if (!object) throw new NoTarget(`there is no ${what}`);
    const changes = changesOf(what, object, wanted);
    const pending = actions.begin({ kind: 'patch', cluster: identity, ref, changes });
    patches.push(pending);
    const moves = changes.map(forward);
    const operations = (now: KubernetesObject) => {
      const [other] = moves.filter((move) => !splitMoves(now, [move]).open.includes(move));
      if (other) throw new NoTarget(`${what}: ${fieldInWords(other)} was changed by someone else in the meantime`);
      return operationsFor(now, moves);
    };
    try {
      await patchTested(kube, ref, operations, signal);
    } catch (error) {
      if (!(error instanceof NoTarget) && !isStale(error)) throw error;
      // The server changed nothing. If someone else makes the same change later, holdfast must not undo it.
      pending.keep();
      throw new NoTarget((error as Error).message);
    }
  };
  return {
    cluster: {
      ...cluster,
      kube: {
        ...kube,
        patch: (ref, patch) => make(ref, (object) => strategicMerge(object, patch) as object),
        jsonPatch: (ref, operations) =>
          make(ref, (object) => {
            const copy = structuredClone(object);
            const failed = applyPatch(copy, [...operations]).find((result) => result !== null);
            if (failed) throw failed;
            return copy;
          }),
      },
    },
    actions: {
      begin(action: Action): PendingAction {
        const pending = actions.begin(action);
        return {
          ...pending,
          async undo(alive) {
            for (let next = patches.pop(); next; next = patches.pop()) await next.undo(alive);
            await pending.undo(alive);
          },
        };
      },
    },
  };
}

function changesOf(what: string, object: KubernetesObject, wanted: (object: KubernetesObject) => object): Change[] {
  try {
    return changesBetween(object, wanted(object));
  } catch (error) {
    throw new NoTarget(`${what}: ${(error as Error).message}`);
  }
}
