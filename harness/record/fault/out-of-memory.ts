import { z } from 'zod';
import type { V1Pod } from '../../sys/kube.ts';
import type { RestartPlan } from '../../witness/pods.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenContainersEnd } from './causes.ts';
import { type LabFault, NoTarget } from './fault.ts';
import { containerOf, recordedContainer, runningContainer, runningPods } from './running-containers.ts';

const target = runningContainer.extend({ url: z.string().regex(/^http:\/\/[\d.]+:\d+\/allocate$/) });
type MemoryPlan = Omit<RestartPlan, 'pods'> & { readonly pods: readonly z.infer<typeof target>[] };
const params = z.strictObject({ count: z.int().positive().default(1).describe('how many pods') });

/**
 * The address at which the specimen allocates memory. Throws `NoTarget` if the pod has no memory limit, because it
 * would fill the host.
 */
function targetOf(pod: V1Pod): z.infer<typeof target> {
  const [container] = pod.spec?.containers ?? [];
  if (!container?.resources?.limits?.memory) throw new NoTarget(`${pod.metadata?.name} has no memory limit to reach`);
  const url = `http://${pod.status?.podIP}:${container.ports?.[0]?.containerPort}/allocate`;
  const found = target.safeParse({ ...containerOf(pod), url }).data;
  if (!found) throw new NoTarget(`${pod.metadata?.name} has no IP address or no container port`);
  return found;
}

/** Makes a process allocate more memory than its limit. */
export const outOfMemory = builderOf<LabFault<MemoryPlan, typeof params, RestartPlan>>({
  name: 'out-of-memory',
  touches: 'nodes',
  does: 'makes the workload allocate memory until the kernel kills it at its limit',
  standsFor:
    'a memory leak: OOMKilled, exit code 137, no preStop hook and no SIGTERM; the kubelet restarts the container in place',
  undone: 'by the kubelet, which restarts it',
  causes: whenContainersEnd,
  example: { params: {} },
  params,
  planned: z.strictObject({ pods: z.array(target), endedBy: z.literal('OOMKilled') }),
  recorded: z.object({ pods: z.array(recordedContainer), endedBy: z.literal('OOMKilled') }),

  async plan(context, { count }) {
    return { pods: (await runningPods(context, count)).map(targetOf), endedBy: 'OOMKilled' };
  },
  async inject({ lab, signal }, { pods }) {
    const ask = ['curl', '--silent', '--show-error', '--max-time', '5', '--request', 'POST'];
    await Promise.all(pods.map(({ node, url }) => lab.onNode(node, [...ask, url], { signal, timeoutMs: 10_000 })));
  },
  async heal() {},
  landed: witnesses['out-of-memory'],
});
