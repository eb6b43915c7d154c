import type { Ms } from '../../model/units.ts';
import { faultNamed } from '../fault/catalogue.ts';
import { type Cluster, isLab } from '../fault/cluster.ts';
import type { LabContext } from '../fault/fault.ts';
import { clearEvidence } from '../lab/clear-evidence.ts';
import type { Lab } from '../lab/lab.ts';
import { stopUnit } from '../lab/unit.ts';
import { removeNamespace } from '../lab/workload.ts';
import { type Deed, deedInWords, type Inject } from './action.ts';
import { failpoint, killedWhileActing } from './failpoint.ts';
import { undoOnForeign } from './undo-on-foreign.ts';

/** How long undoing it may take, with a reserve for a cluster that has just been hurt. */
export const undoLimitMs: { readonly [kind in Deed['kind']]: Ms } = {
  namespace: 120_000,
  evidence: 30_000,
  unit: 15_000,
  inject: 120_000,
  patch: 60_000,
};

/**
 * Undoes a deed from its journal entry alone, and says so by `undone`. What needs an API server is undone only when that
 * is back. Idempotent. Throws `NotOurs` on any cluster but the one it was done to.
 */
export async function undoDeed(
  deed: Deed,
  cluster: Cluster,
  { signal, undone }: { readonly signal: AbortSignal; readonly undone: () => void },
): Promise<void> {
  await (isLab(cluster) ? undoOnLab(deed, cluster, signal) : undoOnForeign(deed, cluster, signal));
  if (deed.kind === 'inject') failpoint(deed.fault, 'before-journal');
  undone();
  if (deed.kind === 'inject' && faultNamed(deed.fault).silencesWatches) await untilBack(deed, cluster, signal);
}

/** Waits until what an injection took away is back and reports, once it was undone. */
export async function untilBack(deed: Inject, cluster: Cluster, signal: AbortSignal): Promise<void> {
  if (!isLab(cluster)) return;
  const { fault, planned, context } = injected(deed, cluster, signal);
  await fault.back?.(context, planned);
}

async function undoOnLab(deed: Deed, lab: Lab, signal: AbortSignal): Promise<void> {
  await lab.assertOurs({ signal, apiMayBeDown: true });
  switch (deed.kind) {
    case 'namespace':
      return removeNamespace(lab, deed.namespace, signal);
    case 'evidence':
      return clearEvidence(lab, deed.evidencePath, signal);
    case 'unit':
      return stopUnit(lab, deed.node, deed.unit, signal);
    case 'inject':
      return heal(deed, lab, signal);
    case 'patch':
      throw new Error(`${deedInWords(deed)}: this change was not made in the lab`);
  }
}

/** Only what a fault of ours planned is acted upon. */
function injected({ id, fault: name, namespace, deployment, plan }: Inject, lab: Lab, signal: AbortSignal) {
  const fault = faultNamed(name);
  const context: LabContext = { lab, kube: lab.kube, namespace, deployment, id, signal, record() {} };
  return { fault, planned: fault.planned.parse(plan), context };
}

async function heal(deed: Inject, lab: Lab, signal: AbortSignal): Promise<void> {
  const { fault, planned, context } = injected(deed, lab, signal);
  await fault.heal(killedWhileActing(context, fault.name, 'mid-heal'), planned);
  // Where there was nothing to do, nothing was on its way.
  failpoint(fault.name, 'mid-heal');
}
