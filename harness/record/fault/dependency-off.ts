import { z } from 'zod';
import type { DependencyOffPlan } from '../../witness/dependency.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { dependencyOf } from './dependency.ts';
import { type NamespaceFault, NoTarget } from './fault.ts';
import { ownerRef } from './owner.ts';

/** Takes the dependency of the workload away. */
export const dependencyOff = builderOf<NamespaceFault<DependencyOffPlan, typeof noParams>>({
  name: 'dependency-off',
  touches: 'namespace',
  does: 'scales the dependency of the workload to zero replicas',
  standsFor: 'a database or another service that is down; connections to it are refused',
  undone: 'restores its number of replicas',
  asksDependency: true,
  causes: ['http-error'],
  example: { params: {}, set: ['dependency=on'] },
  params: noParams,
  planned: z.strictObject({ dependency: z.string(), replicas: z.int().positive() }),
  recorded: z.object({ dependency: z.string(), replicas: z.number() }),
  async plan(context) {
    const { metadata, spec } = await dependencyOf(context);
    const replicas = spec?.replicas ?? 1;
    if (replicas === 0) throw new NoTarget('the dependency of the workload already has 0 replicas');
    return { dependency: metadata?.name ?? '', replicas };
  },
  async inject({ kube, namespace }, { dependency }) {
    await kube.patch(ownerRef(namespace, { kind: 'Deployment', name: dependency }), { spec: { replicas: 0 } });
  },
  async heal({ kube, namespace }, { dependency, replicas }) {
    const ref = ownerRef(namespace, { kind: 'Deployment', name: dependency });
    if (await kube.read(ref)) await kube.patch(ref, { spec: { replicas } });
  },
  landed: witnesses['dependency-off'],
});
