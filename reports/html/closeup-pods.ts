import type { ArmFindings, FailedRequest, PodLane } from '../../harness/model/finding.ts';
import { type Micros, type Ms, microsToMs } from '../../harness/model/units.ts';
import { inOrder } from './pod-order.ts';

/** A pod in the close-up. Times are milliseconds from the event that the pods are aligned on. */
export interface CloseupPod {
  readonly name: string;
  readonly side: 'ending' | 'starting';
  readonly routed?: { readonly from: Ms; readonly to: Ms };
  readonly listening: readonly { readonly from: Ms; readonly to: Ms }[];
  /** Positive if the pod was safe. Absent if no connection was routed to it. */
  readonly marginMs?: Ms;
  /** The time range that must be visible. */
  readonly from: Ms;
  readonly to: Ms;
  readonly failures: readonly { readonly at: Ms; readonly cause: string }[];
}

/** The bar of a pod is cut off beyond this. */
const far: Ms = 15_000;
const always = Number.MAX_SAFE_INTEGER;

/**
 * Pods that got a SIGTERM before the recording ended, aligned on it. A later SIGTERM belongs to the clean-up of the
 * arm.
 */
export const endingPods = (arm: ArmFindings): CloseupPod[] =>
  lanesOf(arm).flatMap((lane) => {
    if (lane.sigterm === undefined || !arm.story || lane.sigterm > arm.story.phases.tail.to) return [];
    const ms = since(lane.sigterm);
    const closed = lane.listening.at(-1)?.to;
    const moments = [lane.lastRouted, closed]
      .flatMap((at) => (at === undefined ? [] : [ms(at)]))
      .filter((at) => Math.abs(at) < far);
    return [closeupPod('ending', lane, ms, moments, lane.closeMarginMs, arm.failures)];
  });

/** Pods that began to listen after the fault, aligned on that event. */
export const startingPods = (arm: ArmFindings): CloseupPod[] =>
  lanesOf(arm).flatMap((lane) => {
    const [first] = lane.listening;
    if (!first || !arm.story || first.from < arm.story.zero) return [];
    const ms = since(first.from);
    const moments = lane.firstRouted === undefined ? [] : [ms(lane.firstRouted)];
    return [closeupPod('starting', lane, ms, moments, lane.listenMarginMs, arm.failures)];
  });

const lanesOf = ({ story }: ArmFindings): PodLane[] => (story ? inOrder(story) : []);

const since =
  (zero: Micros) =>
  (at: Micros): Ms =>
    microsToMs(at - zero);

function closeupPod(
  side: CloseupPod['side'],
  lane: PodLane,
  ms: (at: Micros) => Ms,
  moments: readonly Ms[],
  margin: Ms | undefined,
  failures: readonly FailedRequest[],
): CloseupPod {
  const { firstRouted, lastRouted } = lane;
  const routed =
    firstRouted === undefined
      ? undefined
      : { from: ms(firstRouted), to: side === 'starting' || lastRouted === undefined ? always : ms(lastRouted) };
  return {
    name: lane.pod,
    side,
    ...(routed && { routed }),
    listening: lane.listening.map(({ from, to }) => ({ from: ms(from), to: to === undefined ? always : ms(to) })),
    ...(margin !== undefined && { marginMs: margin }),
    from: Math.min(0, ...moments),
    to: Math.max(0, ...moments),
    failures: failures
      .filter(({ pod }) => pod === lane.pod)
      .map(({ request, cause }) => ({ at: ms(request.start), cause })),
  };
}
