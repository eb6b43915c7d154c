import { z } from 'zod';
import { NotInTime } from '../../sys/clock.ts';
import { ExecError } from '../../sys/exec.ts';
import type { CordonPlan } from '../../witness/drain.ts';
import type { KubectlDrainPlan } from '../../witness/kubectl-drain.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { exceptHelpers } from '../lab/helpers.ts';
import { builderOf } from './builder.ts';
import { whenNodesEmpty } from './causes.ts';
import { cordonedNode, readCordon, restoreCordon } from './cordoned.ts';
import { type LabFault, NoTarget } from './fault.ts';
import { ownerInWords } from './owner.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

const params = z.strictObject({
  nodes: nodeChoice,
  timeLimitMs: z.int().positive().default(60_000).describe('time limit of kubectl'),
});

/** Runs kubectl itself, to check the fault `drain` against it. */
export const kubectlDrain = builderOf<LabFault<KubectlDrainPlan, typeof params>>({
  name: 'kubectl-drain',
  touches: 'nodes',
  does: 'runs kubectl drain on the control plane; it cordons all nodes, then drains one after another',
  standsFor: 'kubectl drain, run as it is; the answers of the Eviction API are not recorded',
  undone: 'uncordons the nodes that were not cordoned before; pods do not move back',
  causes: whenNodesEmpty,
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({
    nodes: z.array(cordonedNode),
    pods: z.array(z.string()),
    timeLimitMs: z.number(),
  }),
  recorded: z.object({
    nodes: z.array(z.object({ name: z.string(), wasCordoned: z.boolean() })),
    pods: z.array(z.string()),
    timeLimitMs: z.number(),
  }),

  async plan(context, { nodes, timeLimitMs }) {
    const chosen = await chooseNodes(context, nodes);
    const on = new Set(chosen.map(({ name }) => name));
    const pods = (await podsOf(context)).filter(({ spec }) => on.has(spec?.nodeName ?? ''));
    if (pods.length === 0) throw new NoTarget(`no pod of ${ownerInWords(context)} on ${[...on].join(', ')}`);
    const cordons: CordonPlan['nodes'] = await Promise.all(chosen.map(({ name }) => readCordon(context.kube, name)));
    return { nodes: cordons, pods: pods.map(({ metadata }) => metadata?.name ?? ''), timeLimitMs };
  },

  async inject({ lab, signal }, { nodes, timeLimitMs }) {
    const [controlPlane] = lab.info.nodes.filter(({ role }) => role === 'control-plane');
    if (!controlPlane) throw new Error('the cluster has no control plane to run kubectl on');
    const command = [
      'kubectl',
      '--kubeconfig=/etc/kubernetes/admin.conf',
      'drain',
      '--ignore-daemonsets',
      '--delete-emptydir-data',
      // kubectl can leave out pods by label, and not by namespace.
      `--pod-selector=${exceptHelpers}`,
      `--timeout=${Math.ceil(timeLimitMs / 1000)}s`,
      ...nodes.map(({ name }) => name),
    ];
    await lab
      .onNode(controlPlane.name, command, { signal, timeoutMs: timeLimitMs + 10_000 })
      .catch((error: unknown) => {
        // kubectl could not drain the nodes within its time limit. That is a result, not an error.
        if (error instanceof ExecError && error.exitCode === 1) throw new NotInTime(error.message);
        throw error;
      });
  },
  async heal({ kube }, { nodes }) {
    await Promise.all(nodes.map((node) => restoreCordon(kube, node)));
  },
  landed: witnesses['kubectl-drain'],
});
