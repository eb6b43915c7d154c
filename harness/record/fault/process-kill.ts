import { z } from 'zod';
import { containersRestarted, type RestartPlan } from '../../witness/pods.ts';
import { type LabFault, NoTarget } from './fault.ts';
import { podsOf } from './targets.ts';

const containerId = z.string().regex(/^[0-9a-f]{64}$/);
const target = z.strictObject({ name: z.string(), node: z.string(), container: containerId, restarts: z.int() });
type ProcessPlan = Omit<RestartPlan, 'pods'> & { readonly pods: readonly z.infer<typeof target>[] };
const params = z.strictObject({ count: z.int().positive().default(1) });

/** The main process of a container ends without a word. */
export const processKill: LabFault<ProcessPlan, z.infer<typeof params>> = {
  name: 'process-kill',
  touches: 'nodes',
  does: 'kills the processes of pods’ containers with SIGKILL, from their node',
  faithfulTo: 'a crash, or a kill by the kernel: no hook, no SIGTERM; the kubelet restarts the container in place',
  undone: 'by the kubelet, which starts it again',
  params,
  planned: z.strictObject({ pods: z.array(target), reason: z.string() }),

  async plan(context, { count }) {
    const running = (await podsOf(context)).flatMap(({ metadata, spec, status }) => {
      const [container] = status?.containerStatuses ?? [];
      if (!container?.state?.running || metadata?.deletionTimestamp) return [];
      const found = target.safeParse({
        name: metadata?.name,
        node: spec?.nodeName,
        container: container.containerID?.replace(/^.*:\/\//, ''),
        restarts: container.restartCount,
      }).data;
      return found ? [found] : [];
    });
    const pods = running.sort((one, other) => one.name.localeCompare(other.name)).slice(0, count);
    if (pods.length < count) throw new NoTarget(`${count} running pods wanted, and there are ${pods.length}`);
    return { pods, reason: 'SIGKILL' };
  },
  async inject({ lab, signal }, { pods }) {
    const kill = ['ctr', '--namespace=k8s.io', 'tasks', 'kill', '--signal=SIGKILL'];
    await Promise.all(pods.map(({ node, container }) => lab.onNode(node, [...kill, container], { signal })));
  },
  async heal() {},
  landed: containersRestarted,
};
