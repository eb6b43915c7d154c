import { z } from 'zod';
import { ownerSchema } from '../fault/owner.ts';
import { change } from '../foreign/change.ts';
import { foreignIdentity } from '../foreign/identity.ts';
import { units } from '../lab/unit.ts';

export const kubernetesName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
/** The namespaces of a run begin with this prefix. No other namespace is removed. */
const ownNamespace = kubernetesName.regex(/^holdfast-/);
/** Plain names and slashes, so that a path cannot lead out of the evidence folder of a node. */
const evidencePath = z.string().regex(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/);

/**
 * A change that holdfast makes to a cluster, as plain data. It holds enough to undo the change. It never holds a
 * command or a path to run.
 */
export const actionSchema = z.discriminatedUnion('kind', [
  /**
   * The namespace of an arm and the namespace of its helpers, with all their objects. Journals of older versions have
   * no namespace of helpers.
   */
  z.strictObject({
    kind: z.literal('namespace'),
    namespace: ownNamespace,
    helpersNamespace: ownNamespace.optional(),
  }),
  /** The files that pods write below the evidence folder of every node. */
  z.strictObject({ kind: z.literal('evidence'), evidencePath }),
  /** A program that records on a node while traffic flows. */
  z.strictObject({ kind: z.literal('unit'), node: kubernetesName, unit: z.enum(units) }),
  /** One injection. The fault itself checks its plan. */
  z.strictObject({
    kind: z.literal('inject'),
    id: z.string(),
    fault: z.string(),
    namespace: kubernetesName,
    owner: ownerSchema.extend({ name: kubernetesName }),
    plan: z.json(),
    /** The identity of the cluster if holdfast did not create it. */
    cluster: foreignIdentity.optional(),
  }),
  /** A patch in a namespace of a cluster that holdfast did not create. */
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

export type Action = z.infer<typeof actionSchema>;
export type Inject = Extract<Action, { kind: 'inject' }>;
export type Patch = Extract<Action, { kind: 'patch' }>;

/** The title of the step that undoes an action. */
export function actionInWords(action: Action): string {
  switch (action.kind) {
    case 'evidence':
      return 'clear the evidence';
    case 'namespace':
      return action.helpersNamespace === undefined
        ? `remove namespace ${action.namespace}`
        : `remove namespaces ${action.namespace} and ${action.helpersNamespace}`;
    case 'unit':
      return `stop ${action.unit} on ${action.node}`;
    case 'inject':
      return `heal ${action.fault} (${action.id})`;
    case 'patch':
      return `undo the patch of ${action.ref.kind} ${action.ref.namespace}/${action.ref.name}`;
  }
}
