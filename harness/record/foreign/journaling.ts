import { applyPatch } from 'rfc6902';
import { isStale, type KubernetesObject, type ObjectRef } from '../../sys/kube.ts';
import { strategicMerge } from '../../sys/strategic-merge.ts';
import { NoTarget } from '../fault/fault.ts';
import type { Deed } from '../undo/action.ts';
import type { Deeds, Intended } from '../undo/action-log.ts';
import { type Change, changesBetween, inWords } from './changes.ts';
import type { ForeignCluster } from './foreign-cluster.ts';
import { forward, operationsFor, possible } from './moves.ts';
import { patchTested } from './patch-tested.ts';

/**
 * The cluster with hands that write every patch into the journal, with what was there before, and then make it by a JSON
 * Patch that changes nothing which somebody else changed meanwhile; and deeds of which each, when it is undone, takes its
 * patches with it.
 */
export function remembering(
  cluster: ForeignCluster,
  deeds: Pick<Deeds, 'intend'>,
  signal: AbortSignal,
): { readonly cluster: ForeignCluster; readonly deeds: Pick<Deeds, 'intend'> } {
  const patches: Intended[] = [];
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
    const intended = deeds.intend({ kind: 'patch', cluster: identity, ref, changes });
    patches.push(intended);
    const moves = changes.map(forward);
    const operations = (now: KubernetesObject) => {
      const [other] = moves.filter((move) => !possible(now, [move]).open.includes(move));
      if (other) throw new NoTarget(`${what}: ${inWords(other)} was changed by someone else in the meantime`);
      return operationsFor(now, moves);
    };
    try {
      await patchTested(kube, ref, operations, signal);
    } catch (error) {
      if (!(error instanceof NoTarget) && !isStale(error)) throw error;
      // The server did nothing: should somebody else do the same later, it is not ours to take back.
      intended.keep();
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
    deeds: {
      intend(deed: Deed): Intended {
        const intended = deeds.intend(deed);
        return {
          ...intended,
          async undo(alive) {
            for (let next = patches.pop(); next; next = patches.pop()) await next.undo(alive);
            await intended.undo(alive);
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
