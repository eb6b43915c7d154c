import type { Owner } from '../../model/owner.ts';
import type { Ms } from '../../model/units.ts';
import { NotInTime, poll } from '../../sys/clock.ts';
import { type NamespaceContext, NoTarget } from '../fault/fault.ts';
import { type OwnerObject, ownerInWords, ownerRef, readOwner } from '../fault/owner.ts';

type Place = Pick<NamespaceContext, 'kube' | 'namespace'>;

const settledLimitMs: Ms = 90_000;

/** What an owner waits for until every replica is updated and available; undefined if it waits for nothing. */
function unsettled({ metadata, spec, status }: OwnerObject): string | undefined {
  const replicas = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0))
    return 'its controller to observe the latest change';
  const [updated, available, all] = [
    status?.updatedReplicas ?? 0,
    status?.availableReplicas ?? 0,
    status?.replicas ?? 0,
  ];
  if (updated === replicas && available === replicas && all === replicas) return undefined;
  const tooMany = all > replicas ? ` and the removal of ${all - replicas} old ones` : '';
  return `${replicas} updated and available replicas (now ${Math.min(updated, available)})${tooMany}`;
}

/**
 * Waits until every replica of the owner is updated and available, at most 90 s by default. A deleted owner counts as
 * settled. Throws `NotInTime` with what is missing.
 */
export async function untilSettled(
  { kube, namespace }: Place,
  owner: Owner,
  signal: AbortSignal,
  limitMs: Ms = settledLimitMs,
): Promise<void> {
  await poll(ownerInWords({ namespace, owner }), limitMs, signal, async () => {
    const found = await kube.read<OwnerObject>(ownerRef(namespace, owner));
    const waitingFor = found && unsettled(found);
    return waitingFor === undefined ? { done: undefined } : { waitingFor };
  });
}

/**
 * Waits until the owner is settled after every change was undone. It waits at least 90 s, and at least `limitMs`.
 * Throws `NotInTime` with what is missing.
 */
export async function untilSettledAgain(
  place: Place,
  owner: Owner,
  signal: AbortSignal,
  limitMs: Ms = settledLimitMs,
): Promise<void> {
  try {
    await untilSettled(place, owner, signal, Math.max(limitMs, settledLimitMs));
  } catch (error) {
    if (!(error instanceof NotInTime)) throw error;
    throw new NotInTime(
      `all changes were undone, but the workload is not available again. ${error.message}. Look at its pods and events`,
    );
  }
}

/** Throws `NoTarget` with what is missing if there is no such owner, or not every replica is updated and available. */
export async function assertSettled(place: Place, owner: Owner): Promise<void> {
  const missing = unsettled(await readOwner({ ...place, owner }));
  if (missing !== undefined)
    throw new NoTarget(
      `${ownerInWords({ ...place, owner })} is not available before the fault. It waits for ${missing}. Try again when it is available`,
    );
}
