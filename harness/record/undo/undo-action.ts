import type { Ms } from '../../model/units.ts';
import { faultNamed } from '../fault/catalogue.ts';
import { type Cluster, isLab } from '../fault/cluster.ts';
import type { LabContext } from '../fault/fault.ts';
import { clearEvidence } from '../lab/clear-evidence.ts';
import { helpersNamespace } from '../lab/helpers.ts';
import type { Lab } from '../lab/lab.ts';
import { removeNamespace } from '../lab/namespace.ts';
import { stopUnit } from '../lab/unit.ts';
import { type Action, actionInWords, type Inject } from './action.ts';
import { failpoint, killedWhileActing } from './failpoint.ts';
import { undoOnForeign } from './undo-on-foreign.ts';

/** The time limit for undoing an action, with a reserve for a cluster that was just disrupted. */
export const undoLimitMs: { readonly [kind in Action['kind']]: Ms } = {
  namespace: 120_000,
  evidence: 30_000,
  unit: 15_000,
  inject: 120_000,
  patch: 60_000,
};

/**
 * Undoes an action from its journal entry alone, then calls `undone`. If the fault stopped the API server, this also
 * waits until it answers, because later actions need it. A second call has no effect. Throws `NotOurs` if the cluster
 * is not the one in which the action was done.
 */
export async function undoAction(
  action: Action,
  cluster: Cluster,
  { signal, undone }: { readonly signal: AbortSignal; readonly undone: () => void },
): Promise<void> {
  await (isLab(cluster) ? undoOnLab(action, cluster, signal) : undoOnForeign(action, cluster, signal));
  if (action.kind === 'inject') failpoint(action.fault, 'before-journal');
  undone();
  if (action.kind === 'inject' && faultNamed(action.fault).silencesWatches)
    await waitForReturn(action, cluster, signal);
}

/** Waits until the part that an injection disrupted works again. Call it after the injection was undone. */
export async function waitForReturn(action: Inject, cluster: Cluster, signal: AbortSignal): Promise<void> {
  if (!isLab(cluster)) return;
  const { fault, planned, context } = injected(action, cluster, signal);
  await fault.waitForReturn?.(context, planned);
}

async function undoOnLab(action: Action, lab: Lab, signal: AbortSignal): Promise<void> {
  await lab.assertOurs({ signal, apiMayBeDown: true });
  switch (action.kind) {
    case 'namespace':
      return removeNamespaces(action, lab, signal);
    case 'evidence':
      return clearEvidence(lab, action.evidencePath, signal);
    case 'unit':
      return stopUnit(lab, action.node, action.unit, signal);
    case 'inject':
      return heal(action, lab, signal);
    case 'patch':
      throw new Error(`${actionInWords(action)}: this change was not made in the lab`);
  }
}

/** Removes both at the same time, because each removal takes at least 5 s (k/k `pkg/controller/namespace`). */
async function removeNamespaces(
  { namespace, helpersNamespace: helpers }: Extract<Action, { kind: 'namespace' }>,
  lab: Lab,
  signal: AbortSignal,
): Promise<void> {
  const names = helpers === undefined ? [namespace] : [namespace, helpers];
  await Promise.all(names.map((name) => removeNamespace(lab, name, signal)));
}

/** Throws if the plan does not have the shape that its fault writes. */
function injected({ id, fault: name, namespace, owner, plan }: Inject, lab: Lab, signal: AbortSignal) {
  const fault = faultNamed(name);
  const context: LabContext = {
    lab,
    kube: lab.kube,
    namespace,
    helpersNamespace: helpersNamespace(namespace),
    owner,
    id,
    signal,
    record() {},
  };
  return { fault, planned: fault.planned.parse(plan), context };
}

async function heal(action: Inject, lab: Lab, signal: AbortSignal): Promise<void> {
  const { fault, planned, context } = injected(action, lab, signal);
  await fault.heal(killedWhileActing(context, fault.name, 'mid-heal'), planned);
  // A heal without any change does not reach the failpoint in the context.
  failpoint(fault.name, 'mid-heal');
}
