import type { Workload } from '../../model/experiment.ts';
import type { Owner } from '../../model/owner.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { KubernetesObject } from '../../sys/kube.ts';
import type { Lab } from './lab.ts';
import { createNamespace } from './namespace.ts';

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
  await createNamespace(run.lab, { name: namespace, run: run.id });
  const objects = workload.objects(arm.workload, {
    namespace,
    image: info.images.specimen,
    evidencePath: `${run.evidencePath}/workload`,
    generatorNode: generator.name,
  });
  for (const object of objects) await kube.create(object as KubernetesObject);
  return objects.flatMap(({ kind, metadata }) =>
    kind === 'Deployment' || kind === 'StatefulSet' ? [{ kind, name: metadata?.name ?? '' }] : [],
  );
}
