import { z } from 'zod';
import type { StartedPlan } from '../../witness/started.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenSlow } from './causes.ts';
import type { LabFault } from './fault.ts';
import { scriptPod } from './script-pod.ts';
import { chooseNodes, nodeChoice } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice });
const target = z.strictObject({ name: z.string(), pod: z.string() });
/** The CPU limit of all loops in total, in thousandths of a core, so that they do not starve the host. */
const atMost = 1000;

/** Runs processes beside the workload that use all CPU time they can get. */
export const cpuBurn = builderOf<
  LabFault<StartedPlan & { readonly nodes: readonly z.infer<typeof target>[] }, typeof params>
>({
  name: 'cpu-burn',
  touches: 'nodes',
  does: 'runs a busy loop with a minimal CPU request on each node of the workload; together they use up to one core',
  standsFor:
    'a noisy neighbour, limited to one core in total; the nodes share the processors of the host, and the generator’s node has eight times the weight',
  undone: 'deletes the pods of the loop',
  causes: ['not-listening-yet', ...whenSlow],
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({ nodes: z.array(target), pods: z.array(z.string()) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string(), pod: z.string() })), pods: z.array(z.string()) }),

  async plan(context, { nodes }) {
    const chosen = await chooseNodes(context, nodes);
    const targets = chosen.map(({ name }) => ({ name, pod: `burn-${name}` }));
    return { nodes: targets, pods: targets.map(({ pod }) => pod) };
  },
  async inject(context, { nodes }) {
    for (const { name, pod } of nodes) {
      const spec = { nodeName: name };
      const cpuLimit = `${Math.floor(atMost / nodes.length)}m`;
      await context.kube.create(scriptPod(context, { name: pod, script: 'for (;;);', spec, cpu: '10m', cpuLimit }));
    }
  },
  async heal({ kube, helpersNamespace: namespace }, { nodes }) {
    await Promise.all(nodes.map(({ pod }) => kube.remove({ apiVersion: 'v1', kind: 'Pod', name: pod, namespace }, 0)));
  },
  landed: witnesses['cpu-burn'],
});
