import { z } from 'zod';
import type { V1Pod } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { podsOf } from './targets.ts';

const containerId = z.string().regex(/^[0-9a-f]{64}$/);

/** A pod's first container, as its node's runtime knows it. */
export const runningContainer = z.strictObject({
  name: z.string(),
  node: z.string(),
  container: containerId,
  restarts: z.int(),
});
/** What of it is recorded. */
export const recordedContainer = z.object({ name: z.string(), node: z.string(), restarts: z.number() });
export type RunningContainer = z.infer<typeof runningContainer>;

/** The first container of a pod that runs and is not terminating; undefined where there is none. */
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

/** The first `count` pods, by name, whose container runs. Throws `NoTarget` where there are fewer. */
export async function runningPods(context: NamespaceContext, count: number): Promise<readonly V1Pod[]> {
  const running = (await podsOf(context)).filter((pod) => containerOf(pod) !== undefined).sort(byName);
  if (running.length < count) throw new NoTarget(`${count} running pods wanted, and there are ${running.length}`);
  return running.slice(0, count);
}
