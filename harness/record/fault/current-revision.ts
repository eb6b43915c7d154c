import type { V1StatefulSet } from '@kubernetes/client-node';
import type { V1Deployment } from '../../sys/kube.ts';
import { templateRevision } from '../../sys/template-revision.ts';
import type { NamespaceContext } from './fault.ts';
import { replicaSetsOf } from './replica-sets.ts';

/**
 * The revision of the current template of an owner. The status of a StatefulSet names it. A Deployment has it in its
 * newest ReplicaSet. Empty if the controller has not made it yet.
 */
export async function currentRevision(
  context: Pick<NamespaceContext, 'kube' | 'namespace'>,
  owner: V1Deployment | V1StatefulSet,
): Promise<string> {
  if (owner.status && 'updateRevision' in owner.status) return owner.status.updateRevision ?? '';
  const [newest] = await replicaSetsOf(context, owner);
  return newest ? templateRevision(newest) : '';
}
