import { z } from 'zod';
import type { ClusterNode } from '../../model/cluster.ts';
import type { V1Node, V1Pod } from '../../sys/kube.ts';
import { type LabContext, type NamespaceContext, NoTarget } from './fault.ts';
import { ownerInWords, podsOfOwner, readOwner } from './owner.ts';

const many = z.int().positive().default(1).describe('how many nodes');

/** How a fault chooses workers. */
export const nodeChoice = z
  .union([
    z.discriminatedUnion('pick', [
      z.strictObject({ pick: z.literal('most-replicas'), count: many }).describe('the nodes with most ready replicas'),
      z.strictObject({ pick: z.literal('with-replicas') }).describe('every node with a ready replica'),
      z.strictObject({ pick: z.literal('zone') }).describe('the whole zone with most ready replicas'),
      z.strictObject({ pick: z.literal('rack') }).describe('the whole rack with most ready replicas'),
      z.strictObject({ pick: z.literal('without-replicas'), count: many }).describe('nodes without a replica'),
    ]),
    z.strictObject({ of: z.string() }).describe('the nodes that another disruption of the arm chose, by its id'),
  ])
  .describe('which workers to choose, by the pods on them when the fault starts');

export type NodeChoice = z.infer<typeof nodeChoice>;

/** The pods of the workload, found by the selector of its owner. */
export async function podsOf(context: NamespaceContext): Promise<readonly V1Pod[]> {
  return podsOfOwner(context, await readOwner(context));
}

/** How many pods of the workload a fault chooses. */
export const podCount = z
  .union([z.int().positive(), z.literal('all')])
  .default(1)
  .describe('how many pods of the workload');

/**
 * Chooses pods by name among those that are not terminating. `all` is the number of candidates. Throws `NoTarget` if
 * there are too few.
 */
export async function choosePods(
  context: NamespaceContext,
  count: z.infer<typeof podCount>,
): Promise<{ readonly chosen: readonly V1Pod[]; readonly all: number }> {
  const pods = (await podsOf(context))
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .sort((one, other) => (one.metadata?.name ?? '').localeCompare(other.metadata?.name ?? ''));
  const chosen = count === 'all' ? pods : pods.slice(0, count);
  if (chosen.length === 0 || (count !== 'all' && chosen.length < count))
    throw new NoTarget(`${count} pods of ${ownerInWords(context)} are needed, but there are ${pods.length}`);
  return { chosen, all: pods.length };
}

const isReady = ({ metadata, status }: V1Pod | V1Node): boolean =>
  metadata?.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

/** The workers that may be chosen, with the number of ready replicas on each: most replicas first, then by name. */
async function candidates(context: LabContext) {
  const { lab, kube } = context;
  const { items } = await kube.list<V1Node>('v1', 'Node');
  const takes = new Set(
    items.filter((node) => !node.spec?.unschedulable && isReady(node)).map(({ metadata }) => metadata?.name),
  );
  const ready = (await podsOf(context)).filter(isReady);
  return lab.info.nodes
    .filter(({ role, name }) => role === 'worker' && name !== lab.generator.name && takes.has(name))
    .map((node) => ({ node, replicas: ready.filter(({ spec }) => spec?.nodeName === node.name).length }))
    .sort((one, other) => other.replicas - one.replicas || one.node.name.localeCompare(other.node.name));
}

const byAddress = (nodes: readonly ClusterNode[]): readonly ClusterNode[] =>
  [...nodes].sort((one, other) => lastByte(one.ip) - lastByte(other.ip));

/** The nodes of another disruption, in any state. */
function nodesOfDisruption({ lab, nodesTakenBy }: LabContext, disruption: string): readonly ClusterNode[] {
  const names = new Set(nodesTakenBy?.(disruption));
  const nodes = lab.info.nodes.filter(({ name }) => names.has(name));
  if (nodes.length === 0) throw new NoTarget(`disruption ${disruption} has chosen no node`);
  const spared = nodes.find(({ role, name }) => role !== 'worker' || name === lab.generator.name);
  if (spared)
    throw new NoTarget(
      `${spared.name}, which disruption ${disruption} chose, must not be chosen: it is not a worker, or the traffic comes from it`,
    );
  return nodes;
}

/**
 * Chooses nodes, in the order of their addresses. It never chooses the node of the generators or the control plane. It
 * chooses no node that is cordoned or not Ready, except for `of`. Throws `NoTarget` if there are too few.
 */
export async function chooseNodes(context: LabContext, choice: NodeChoice): Promise<readonly ClusterNode[]> {
  if ('of' in choice) return byAddress(nodesOfDisruption(context, choice.of));
  const all = await candidates(context);
  const holding = all.filter(({ replicas }) => replicas > 0);
  const [fullest] = holding;
  const none = new NoTarget(`no schedulable worker holds a ready replica of ${ownerInWords(context)}`);
  const pick = (): readonly ClusterNode[] => {
    switch (choice.pick) {
      case 'most-replicas':
        return holding.slice(0, choice.count).map(({ node }) => node);
      case 'with-replicas':
        return holding.map(({ node }) => node);
      case 'without-replicas':
        return all
          .filter(({ replicas }) => replicas === 0)
          .slice(0, choice.count)
          .map(({ node }) => node);
      case 'zone':
      case 'rack': {
        const key = choice.pick;
        if (!fullest) throw none;
        const replicasIn = (place: string) =>
          all.filter(({ node }) => node[key] === place).reduce((sum, { replicas }) => sum + replicas, 0);
        const places = [...new Set(all.map(({ node }) => node[key]))];
        const [most] = places.sort((one, other) => replicasIn(other) - replicasIn(one) || one.localeCompare(other));
        return all.filter(({ node }) => node[key] === most).map(({ node }) => node);
      }
    }
  };
  const chosen = pick();
  const wanted = 'count' in choice ? choice.count : 1;
  if (chosen.length === 0 && choice.pick !== 'without-replicas') throw none;
  if (chosen.length < wanted)
    throw new NoTarget(`${choice.pick}: ${wanted} nodes are needed, but there are ${chosen.length}`);
  return byAddress(chosen);
}

const lastByte = (ip: string): number => Number(ip.split('.').at(-1));
