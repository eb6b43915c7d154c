import type { RolloutPlan } from '../../witness/rollout.ts';
import type { NamespaceContext } from './fault.ts';

/** An annotation of the template. The controller replaces every pod if its value changes. */
export const rolloutAnnotation = 'holdfast.dev/rollout';

/** A patch that starts the planned rollout. `spec` is what else it changes in the pods. */
export const rolloutPatch = ({ id }: Pick<NamespaceContext, 'id'>, { generation }: RolloutPlan, spec?: object) => {
  // The generation of an object rises with each change, so no rollout has the value of an earlier one.
  const annotations = { [rolloutAnnotation]: `${id} at generation ${generation}` };
  return { spec: { template: { metadata: { annotations }, ...(spec && { spec }) } } };
};
