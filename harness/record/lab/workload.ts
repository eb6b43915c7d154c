import type { Workload } from '../../model/experiment.ts';
import type { Owner } from '../../model/owner.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { poll } from '../../sys/clock.ts';
import type { Kube, KubernetesObject, V1Pod } from '../../sys/kube.ts';
import type { Lab } from './lab.ts';

const namespaceLabel = 'holdfast.dev/run';
const deployLimitMs = 90_000;
export const goneLimitMs = 90_000;

/** Removes the namespace of an arm and waits until it is gone. It first deletes the pods with a grace period of 1 s. */
export async function removeNamespace(
  { kube }: Pick<Lab, 'kube'>,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
  await kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  await Promise.all(
    items.map(({ metadata }) =>
      kube.remove({ apiVersion: 'v1', kind: 'Pod', name: metadata?.name ?? '', namespace }, 1),
    ),
  );
  await poll(`namespace ${namespace} to be gone`, goneLimitMs, signal, async () =>
    (await kube.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))
      ? { waitingFor: 'its last objects to be deleted' }
      : { done: true },
  );
}

/** The workers that run pods of the workload, in the order of the cluster. */
const workersOf = ({ info, generator }: Lab): string[] =>
  info.nodes.filter(({ role, name }) => role === 'worker' && name !== generator.name).map(({ name }) => name);

/** The busy pods must run first, so that the scheduler takes their requests into account. */
const untilRunning = (kube: Kube, namespace: string, wanted: number, signal: AbortSignal) =>
  poll('pods that keep nodes busy', deployLimitMs, signal, async () => {
    const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
    const running = items.filter(({ status }) => status?.phase === 'Running').length;
    return running >= wanted ? { done: true } : { waitingFor: `${wanted - running} pods to run` };
  });

/**
 * Creates the workload of the arm in its own namespace. Resolves to its Deployments and StatefulSets, whose replicas may
 * not be available yet.
 */
export async function deploy(
  arm: ArmPlan,
  workload: Workload,
  run: {
    readonly lab: Lab;
    readonly id: string;
    readonly evidencePath: string;
    readonly signal: AbortSignal;
  },
): Promise<readonly Owner[]> {
  const { kube, info, generator } = run.lab;
  const { namespace } = arm;
  await kube.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [namespaceLabel]: run.id } },
  });
  const objects = workload.objects(arm.workload, {
    namespace,
    image: info.images.specimen,
    evidencePath: `${run.evidencePath}/workload`,
    generatorNode: generator.name,
    busyNodes: workersOf(run.lab).slice(0, arm.workload.busyWorkers),
  });
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  for (const pod of pods) await kube.create(pod as KubernetesObject);
  if (pods.length > 0) await untilRunning(kube, namespace, pods.length, run.signal);
  for (const object of objects) if (object.kind !== 'Pod') await kube.create(object as KubernetesObject);
  return objects.flatMap(({ kind, metadata }) =>
    kind === 'Deployment' || kind === 'StatefulSet' ? [{ kind, name: metadata?.name ?? '' }] : [],
  );
}
