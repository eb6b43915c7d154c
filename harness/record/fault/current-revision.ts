import { templateRevision } from '../../sys/template-revision.ts';
import type { NamespaceContext } from './fault.ts';
import type { OwnerObject } from './owner.ts';
import { replicaSetsOf } from './replica-sets.ts';

/**
 * The revision of the current template of an owner. The status of a StatefulSet names it. A Deployment has it in its
 * newest ReplicaSet. Empty if the controller has not made it yet.
 */
export async function currentRevision(
  context: Pick<NamespaceContext, 'kube' | 'namespace'>,
  owner: OwnerObject,
): Promise<string> {
  if (owner.status && 'updateRevision' in owner.status) return owner.status.updateRevision ?? '';
  const [newest] = await replicaSetsOf(context, owner);
  return newest ? templateRevision(newest) : '';
}
