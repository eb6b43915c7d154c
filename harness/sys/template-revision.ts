import type { KubernetesObject } from './kube.ts';

/**
 * The revision of the template that a pod or a ReplicaSet was made from. The controller of a Deployment and that of a
 * StatefulSet write it to a label. Empty if there is no such label.
 */
export const templateRevision = ({ metadata }: KubernetesObject): string =>
  metadata?.labels?.['pod-template-hash'] ?? metadata?.labels?.['controller-revision-hash'] ?? '';
