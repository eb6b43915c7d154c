import { z } from 'zod';
import { change } from '../foreign/change.ts';
import { foreignIdentity } from '../foreign/identity.ts';
import { units } from '../lab/unit.ts';

export const kubernetesName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
/** Plain names and slashes: never a way out of a node's evidence. */
const evidencePath = z.string().regex(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/);

/**
 * What a harness does to the world, as plain data of known shape: enough to undo it, and neither a command nor a path
 * from which one could be made.
 */
export const deedSchema = z.discriminatedUnion('kind', [
  /** A namespace with all that is made in it. */
  z.strictObject({ kind: z.literal('namespace'), namespace: kubernetesName.regex(/^holdfast-/) }),
  /** What pods write below every node's evidence folder. */
  z.strictObject({ kind: z.literal('evidence'), evidencePath }),
  /** A program that records on a node while traffic flows. */
  z.strictObject({ kind: z.literal('unit'), node: kubernetesName, unit: z.enum(units) }),
  /** One injection. Its plan is checked by the fault that it is of. */
  z.strictObject({
    kind: z.literal('inject'),
    id: z.string(),
    fault: z.string(),
    namespace: kubernetesName,
    deployment: kubernetesName,
    plan: z.json(),
    /** The cluster, where it is not one of ours. */
    cluster: foreignIdentity.optional(),
  }),
  /** A patch in a namespace of a cluster that is not ours. */
  z.strictObject({
    kind: z.literal('patch'),
    cluster: foreignIdentity,
    ref: z.strictObject({
      apiVersion: z.string().regex(/^[a-z0-9./-]+$/),
      kind: z.string().regex(/^[A-Za-z]+$/),
      name: kubernetesName,
      namespace: kubernetesName,
    }),
    changes: z.array(change),
  }),
]);

export type Deed = z.infer<typeof deedSchema>;
export type Inject = Extract<Deed, { kind: 'inject' }>;
export type Patch = Extract<Deed, { kind: 'patch' }>;

/** What a deed is called while it is undone. */
export function deedInWords(deed: Deed): string {
  switch (deed.kind) {
    case 'evidence':
      return 'clear the evidence';
    case 'namespace':
      return `remove namespace ${deed.namespace}`;
    case 'unit':
      return `stop ${deed.unit} on ${deed.node}`;
    case 'inject':
      return `heal ${deed.fault} (${deed.id})`;
    case 'patch':
      return `undo the patch of ${deed.ref.kind} ${deed.ref.namespace}/${deed.ref.name}`;
  }
}
