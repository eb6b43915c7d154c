import { forLab } from '../../model/for-lab.ts';
import type { Manifests } from '../../model/manifest.ts';
import type { Owner } from '../../model/owner.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { KubernetesObject } from '../../sys/kube.ts';
import type { Lab } from './lab.ts';
import { createNamespace } from './namespace.ts';

/**
 * Creates the objects of the workload in the arm’s own namespace, with what the lab changes. Resolves to its Deployments
 * and StatefulSets, whose replicas may not be available yet.
 */
export async function deploy(
  arm: ArmPlan,
  objects: Manifests,
  run: {
    readonly lab: Lab;
    readonly id: string;
    readonly evidencePath: string;
    /** The folder in its containers to which the workload writes its log. */
    readonly log?: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<readonly Owner[]> {
  const { kube, info, generator } = run.lab;
  const { namespace, workload, lab } = arm;
  await createNamespace(run.lab, { name: namespace, run: run.id });
  const deployed = forLab(
    objects,
    { workload: { ...workload, log: run.log }, lab },
    {
      namespace,
      images: { specimen: info.images.specimen },
      evidencePath: `${run.evidencePath}/workload`,
      generatorNode: generator.name,
    },
  );
  for (const object of deployed.objects) await kube.create(object as KubernetesObject);
  return objects.flatMap(({ kind, metadata }) =>
    kind === 'Deployment' || kind === 'StatefulSet' ? [{ kind, name: metadata.name }] : [],
  );
}
