import type { About, ObjectName } from '../../model/event.ts';

/** An object whose UID is given, or derived from its kind and name. */
export const objectOf = (
  kind: string,
  name: string,
  more: { readonly namespace?: string; readonly uid?: string } = {},
) => {
  const { namespace, uid = `uid-of-${kind}-${name}` } = more;
  return { subject: uid, kind, ...(namespace !== undefined && { namespace }), name } satisfies About & ObjectName;
};

/** A node, which has no namespace. */
export const nodeOf = (name: string) => objectOf('Node', name);

/** A node's lease. */
export const leaseOf = (node: string) => objectOf('Lease', node, { namespace: 'kube-node-lease' });

/** A subject that is not a Kubernetes object. */
export const subjectOf = (subject: string): About => ({ subject });
