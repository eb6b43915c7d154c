import { z } from 'zod';
import type { V1Pod } from '../../sys/kube.ts';
import type { DrainPlan } from '../../witness/drain.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenNodesEmpty } from './causes.ts';
import { cordonedNode, cordonNode, readCordon, restoreCordon } from './cordoned.ts';
import { evictAll, evictionParams, plannedEvictions, recordedEvictions } from './eviction.ts';
import { type LabFault, NoTarget } from './fault.ts';
import { ownerInWords } from './owner.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice, ...evictionParams });

/** Pods that `kubectl drain --ignore-daemonsets` does not evict: DaemonSet pods and static pods. */
const staysWithNode = ({ metadata }: V1Pod): boolean =>
  (metadata?.ownerReferences ?? []).some(({ kind }) => kind === 'DaemonSet' || kind === 'Node');

/** Drains nodes through the Eviction API, all at the same time. */
export const drain = builderOf<LabFault<DrainPlan, typeof params>>({
  name: 'drain',
  touches: 'nodes',
  does: 'cordons nodes and evicts their pods through the Eviction API, on all nodes at the same time',
  standsFor: 'kubectl drain: it uses the same API, retries each pod every 5 s, and does not wait for replacements',
  undone: 'uncordons the nodes that were not cordoned before; pods do not move back',
  causes: whenNodesEmpty,
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({ nodes: z.array(cordonedNode), ...plannedEvictions }),
  recorded: z.object({
    nodes: z.array(z.object({ name: z.string(), wasCordoned: z.boolean() })),
    ...recordedEvictions,
  }),

  async plan(context, { nodes, ...rest }) {
    const chosen = await chooseNodes(context, nodes);
    const names = new Set(chosen.map(({ name }) => name));
    const workload = new Set((await podsOf(context)).map(({ metadata }) => metadata?.name));
    const { items } = await context.kube.list<V1Pod>('v1', 'Pod');
    const pods = items.flatMap((pod) => {
      const { name = '', namespace = '' } = pod.metadata ?? {};
      const node = pod.spec?.nodeName ?? '';
      // The pods of holdfast itself stay, such as pods that keep a node busy.
      const evicted = names.has(node) && !staysWithNode(pod) && namespace !== context.helpersNamespace;
      return evicted ? [{ name, node, namespace }] : [];
    });
    if (!pods.some(({ name, namespace }) => namespace === context.namespace && workload.has(name)))
      throw new NoTarget(`no pod of ${ownerInWords(context)} on ${[...names].join(', ')}`);
    const cordons = await Promise.all(chosen.map(({ name }) => readCordon(context.kube, name)));
    return { nodes: cordons, namespace: context.namespace, pods, ...rest };
  },

  async inject(context, plan) {
    await Promise.all(plan.nodes.map((node) => cordonNode(context.kube, node)));
    await evictAll(context, plan);
  },

  async heal({ kube }, { nodes }) {
    await Promise.all(nodes.map((node) => restoreCordon(kube, node)));
  },
  landed: witnesses.drain,
});
