import { z } from 'zod';
import type { Kube, V1Node } from '../../sys/kube.ts';

/** A node, and whether it was cordoned before the fault. */
export const cordonedNode = z.strictObject({ name: z.string(), wasCordoned: z.boolean() });
export type CordonedNode = z.infer<typeof cordonedNode>;

const refOf = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name });

export async function readCordon(kube: Kube, name: string): Promise<CordonedNode> {
  const node = await kube.read<V1Node>(refOf(name));
  return { name, wasCordoned: node?.spec?.unschedulable ?? false };
}

export const cordonNode = (kube: Kube, { name }: CordonedNode): Promise<void> =>
  kube.patch(refOf(name), { spec: { unschedulable: true } });

/** Uncordons the node unless it was cordoned before the fault. */
export async function restoreCordon(kube: Kube, { name, wasCordoned }: CordonedNode): Promise<void> {
  if (!wasCordoned) await kube.patch(refOf(name), { spec: { unschedulable: null } });
}
