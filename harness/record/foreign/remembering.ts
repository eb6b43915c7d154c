import type { Deed } from '../deed.ts';
import type { Deeds, Intended } from '../deeds.ts';
import { NoTarget } from '../fault/fault.ts';
import { changesOf } from './changes.ts';
import type { ForeignCluster } from './foreign-cluster.ts';

/**
 * The cluster with hands that write every patch into the journal, with what was there before, and then make it; and deeds
 * of which each, when it is undone, takes its patches with it.
 */
export function remembering(
  cluster: ForeignCluster,
  deeds: Pick<Deeds, 'intend'>,
): { readonly cluster: ForeignCluster; readonly deeds: Pick<Deeds, 'intend'> } {
  const patches: Intended[] = [];
  const { kube, identity, namespace } = cluster;
  return {
    cluster: {
      ...cluster,
      kube: {
        ...kube,
        async patch({ apiVersion, kind, name, namespace: where = '' }, patch) {
          const ref = { apiVersion, kind, name, namespace: where };
          const object = await kube.read(ref);
          if (!object) throw new NoTarget(`there is no ${kind} ${namespace}/${name}`);
          patches.push(deeds.intend({ kind: 'patch', cluster: identity, ref, changes: changesOf(object, patch) }));
          await kube.patch(ref, patch);
        },
      },
    },
    deeds: {
      intend(deed: Deed): Intended {
        const intended = deeds.intend(deed);
        return {
          ...intended,
          async undo(signal) {
            for (let next = patches.pop(); next; next = patches.pop()) await next.undo(signal);
            await intended.undo(signal);
          },
        };
      },
    },
  };
}
