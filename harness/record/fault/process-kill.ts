import { z } from 'zod';
import { ExecError } from '../../sys/exec.ts';
import type { RestartPlan } from '../../witness/pods.ts';
import { witnesses } from '../../witness/witnesses.ts';
import type { Lab } from '../lab/lab.ts';
import { builderOf } from './builder.ts';
import { whenContainersEnd } from './causes.ts';
import { type LabFault, NoTarget } from './fault.ts';
import {
  containerOf,
  type RunningContainer,
  recordedContainer,
  runningContainer,
  runningPods,
} from './running-containers.ts';

type ProcessPlan = Omit<RestartPlan, 'pods'> & { readonly pods: readonly RunningContainer[] };
const params = z.strictObject({ count: z.int().positive().default(1).describe('how many pods') });

/**
 * Sends SIGKILL to every process of a container, through the container runtime of its node. Throws `NoTarget` if the
 * container has ended already.
 */
export async function killContainer(
  { onNode }: Pick<Lab, 'onNode'>,
  { name, node, container }: RunningContainer,
  signal: AbortSignal,
): Promise<void> {
  const kill = ['ctr', '--namespace=k8s.io', 'tasks', 'kill', '--signal=SIGKILL', container];
  await onNode(node, kill, { signal }).catch((error: unknown) => {
    if (error instanceof ExecError && /not found|already finished/.test(error.message))
      throw new NoTarget(`the container of ${name} ended before it was killed`);
    throw error;
  });
}

/** Kills the processes of containers. */
export const processKill = builderOf<LabFault<ProcessPlan, typeof params, RestartPlan>>({
  name: 'process-kill',
  touches: 'nodes',
  does: 'kills the processes of containers with SIGKILL, from their node',
  standsFor:
    'a crash, or a kill by the kernel: no preStop hook and no SIGTERM; the kubelet restarts the container in place',
  undone: 'by the kubelet, which restarts it',
  causes: whenContainersEnd,
  example: { params: {} },
  params,
  planned: z.strictObject({ pods: z.array(runningContainer), endedBy: z.literal('SIGKILL') }),
  recorded: z.object({ pods: z.array(recordedContainer), endedBy: z.literal('SIGKILL') }),

  async plan(context, { count }) {
    const pods = (await runningPods(context, count)).flatMap((pod) => containerOf(pod) ?? []);
    return { pods, endedBy: 'SIGKILL' };
  },
  async inject({ lab, signal }, { pods }) {
    await Promise.all(pods.map((pod) => killContainer(lab, pod, signal)));
  },
  async heal() {},
  landed: witnesses['process-kill'],
});
