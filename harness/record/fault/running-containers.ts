import { z } from 'zod';
import type { V1Pod } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { podsOf } from './targets.ts';

const containerId = z.string().regex(/^[0-9a-f]{64}$/);

/** The first container of a pod, as the container runtime of its node knows it. */
export const runningContainer = z.strictObject({
  name: z.string(),
  node: z.string(),
  container: containerId,
  restarts: z.int(),
});
/** The part of it that is recorded. */
export const recordedContainer = z.object({ name: z.string(), node: z.string(), restarts: z.number() });
export type RunningContainer = z.infer<typeof runningContainer>;

/** The first container of a pod if it runs and the pod is not terminating; otherwise undefined. */
export function containerOf({ metadata, spec, status }: V1Pod): RunningContainer | undefined {
  const [container] = status?.containerStatuses ?? [];
  if (!container?.state?.running || metadata?.deletionTimestamp) return undefined;
  return runningContainer.safeParse({
    name: metadata?.name,
    node: spec?.nodeName,
    container: container.containerID?.replace(/^.*:\/\//, ''),
    restarts: container.restartCount,
  }).data;
}

const byName = (one: V1Pod, other: V1Pod): number =>
  (one.metadata?.name ?? '').localeCompare(other.metadata?.name ?? '');

/** The first `count` pods by name whose first container runs. Throws `NoTarget` if there are fewer. */
export async function runningPods(context: NamespaceContext, count: number): Promise<readonly V1Pod[]> {
  const running = (await podsOf(context)).filter((pod) => containerOf(pod) !== undefined).sort(byName);
  if (running.length < count) throw new NoTarget(`${count} running pods are needed, but there are ${running.length}`);
  return running.slice(0, count);
}
