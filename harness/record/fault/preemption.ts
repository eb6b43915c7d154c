import { z } from 'zod';
import { printableJson } from '../../model/printable.ts';
import type { KubernetesObject, V1Node, V1Pod } from '../../sys/kube.ts';
import type { PreemptionPlan } from '../../witness/preemption.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenNodesEmpty } from './causes.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { ownerInWords } from './owner.ts';
import { scriptPod } from './script-pod.ts';
import { chooseNodes, podsOf } from './targets.ts';

const pod = 'preemptor';
const priorityClass = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: 'holdfast-preemptor' };
/** Above workloads without a priority class, and far below the system classes of Kubernetes. */
const value = 1_000_000;

/** Parses a CPU quantity of Kubernetes, such as `2` or `1200m`, into thousandths of a core. */
export function millicores(quantity: string | undefined): number {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity ?? '0') ?? [];
  if (number === undefined) throw new Error(`${printableJson(quantity)} is not a CPU quantity`);
  return Math.round(Number(number) * (milli ? 1 : 1000));
}

const requestOf = ({ spec }: V1Pod): number =>
  (spec?.containers ?? []).reduce((sum, { resources }) => sum + millicores(resources?.requests?.cpu), 0);

/** The CPU in thousandths of a core that is free on the node if all victims are preempted. */
async function roomWithout(
  { kube }: LabContext,
  node: string,
  victims: ReadonlySet<string | undefined>,
): Promise<number> {
  const [found, { items }] = await Promise.all([
    kube.read<V1Node>({ apiVersion: 'v1', kind: 'Node', name: node }),
    kube.list<V1Pod>('v1', 'Pod'),
  ]);
  const stay = items.filter(
    ({ spec, status, metadata }) =>
      spec?.nodeName === node &&
      status?.phase !== 'Succeeded' &&
      status?.phase !== 'Failed' &&
      !victims.has(metadata?.uid),
  );
  return millicores(found?.status?.allocatable?.cpu) - stay.reduce((sum, each) => sum + requestOf(each), 0);
}

/** Creates a pod with a higher priority that needs the place of the pods of the workload. */
export const preemption = builderOf<LabFault<PreemptionPlan, typeof noParams>>({
  name: 'preemption',
  touches: 'nodes',
  does: 'creates a pod with a higher priority that fits on a node only after the pods of the workload are removed',
  standsFor:
    'a more important workload on a full node: victims get their grace period, and disruption budgets are considered but may be violated',
  undone: 'deletes the pod and its priority class; preempted pods do not move back',
  causes: whenNodesEmpty,
  example: { params: {} },
  params: noParams,
  planned: z.strictObject({
    node: z.string(),
    cpu: z.string().regex(/^\d+m$/),
    pods: z.array(z.string()),
    preemptor: z.literal(pod),
  }),
  recorded: z.object({ node: z.string(), cpu: z.string(), pods: z.array(z.string()), preemptor: z.literal(pod) }),

  async plan(context) {
    const [node] = await chooseNodes(context, { pick: 'most-replicas', count: 1 });
    if (!node) throw new NoTarget('there is no node to preempt on');
    const victims = (await podsOf(context)).filter(({ spec }) => spec?.nodeName === node.name);
    const room = await roomWithout(context, node.name, new Set(victims.map(({ metadata }) => metadata?.uid)));
    if (victims.some((each) => requestOf(each) === 0))
      throw new NoTarget(`a pod of ${ownerInWords(context)} requests no CPU, so it would not be preempted`);
    const pods = victims.map(({ metadata }) => metadata?.name ?? '');
    return { node: node.name, cpu: `${room}m`, pods, preemptor: pod };
  },
  async inject(context, { node, cpu }) {
    const { kube, namespace } = context;
    const { name, ...type } = priorityClass;
    const metadata = { name, labels: { 'holdfast.dev/run': namespace } };
    const description = 'Of a preemption that holdfast injects';
    const created = { ...type, metadata, value, globalDefault: false, description } as KubernetesObject;
    if (!(await kube.read(priorityClass))) await kube.create(created);
    const spec = { nodeSelector: { 'kubernetes.io/hostname': node }, priorityClassName: name };
    await kube.create(scriptPod(context, { name: pod, script: 'setInterval(() => {}, 1e6);', spec, cpu }));
  },
  async heal({ kube, helpersNamespace: namespace }) {
    await kube.remove({ apiVersion: 'v1', kind: 'Pod', name: pod, namespace }, 0);
    await kube.remove(priorityClass);
  },
  landed: witnesses.preemption,
});
