import { UsageError } from '../model/usage-error.ts';
import { isSystemNamespace } from '../record/foreign/allowed.ts';
import { kubernetesName } from '../record/undo/action.ts';
import { assertKnown, type ContextChoices } from './common/options.ts';

export interface TargetChoices extends ContextChoices {
  readonly namespace?: string;
  readonly deployment?: string;
}

/** A workload in a cluster that holdfast did not create. */
export interface ForeignTarget {
  readonly context: string;
  readonly namespace: string;
  readonly deployment: string;
}

/**
 * The workload that the flags name; undefined if they mean the lab. Throws `UsageError` if a flag is missing or the
 * namespace is not allowed.
 */
export function foreignTarget(choices: TargetChoices): ForeignTarget | undefined {
  const { context, namespace, deployment } = choices;
  assertKnown(choices);
  if (context === undefined) {
    if (namespace === undefined && deployment === undefined) return undefined;
    throw new UsageError(
      '--namespace and --deployment need --context. Without it, the fault is injected into the workload of the lab',
    );
  }
  if (namespace === undefined || deployment === undefined)
    throw new UsageError('--context needs the workload to disturb: add --namespace and --deployment');
  for (const name of [namespace, deployment])
    if (!kubernetesName.safeParse(name).success) throw new UsageError(`"${name}" is not a valid name in Kubernetes`);
  if (isSystemNamespace(namespace))
    throw new UsageError(`namespace ${namespace} belongs to Kubernetes. Faults are never injected there`);
  return { context, namespace, deployment };
}
