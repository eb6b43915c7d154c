import { z } from 'zod';
import { poll } from '../../sys/clock.ts';
import type { V1Pod } from '../../sys/kube.ts';
import type { CrashLoopPlan } from '../../witness/pods.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenContainersEnd } from './causes.ts';
import type { LabContext, LabFault } from './fault.ts';
import { killContainer } from './process-kill.ts';
import {
  containerOf,
  type RunningContainer,
  recordedContainer,
  runningContainer,
  runningPods,
} from './running-containers.ts';

const params = z.strictObject({
  crashes: z.int().min(2).max(10).default(2).describe('how many times to kill the container'),
});
type LoopPlan = CrashLoopPlan & { readonly pod: RunningContainer };

const runsAgainLimitMs = 60_000;

/** Waits for the container with at least this restart count. */
const restarted = (
  { kube, namespace, signal }: LabContext,
  name: string,
  restarts: number,
): Promise<RunningContainer> =>
  poll(`${name} to run again`, runsAgainLimitMs, signal, async () => {
    const pod = await kube.read<V1Pod>({ apiVersion: 'v1', kind: 'Pod', name, namespace });
    const found = pod && containerOf(pod);
    return found && found.restarts >= restarts ? { done: found } : { waitingFor: 'the kubelet to restart it' };
  });

/** Kills a container again after each restart. */
export const crashLoop = builderOf<LabFault<LoopPlan, typeof params, CrashLoopPlan>>({
  name: 'crash-loop',
  touches: 'nodes',
  does: 'kills a container after each restart, until the kubelet delays the next restart',
  standsFor:
    'a process that crashes soon after its start: CrashLoopBackOff, 10 s, doubled up to the limit of the kubelet',
  undone: 'by the kubelet, which restarts it after the back-off',
  causes: whenContainersEnd,
  example: { params: {} },
  params,
  planned: z.strictObject({ pod: runningContainer, crashes: z.number() }),
  recorded: z.object({ pod: recordedContainer, crashes: z.number() }),

  async plan(context, { crashes }) {
    const [first] = (await runningPods(context, 1)).flatMap((pod) => containerOf(pod) ?? []);
    if (!first) throw new Error('a running pod has no container');
    return { pod: first, crashes };
  },
  async inject(context, { pod, crashes }) {
    for (let crash = 0; crash < crashes; crash++) {
      const container = crash === 0 ? pod : await restarted(context, pod.name, pod.restarts + crash);
      await killContainer(context.lab, container, context.signal);
    }
  },
  async heal() {},
  landed: witnesses['crash-loop'],
});
