import type { ArmFindings, PodLane } from '../../harness/model/finding.ts';
import type { Ms } from '../../harness/model/units.ts';

export interface Margin {
  readonly smallestMs: Ms;
  readonly pod: string;
  /** How many pods had one. */
  readonly pods: number;
}

export interface Margins {
  /** Listener closed minus last routed, over terminated pods. */
  readonly close?: Margin;
  /** First routed minus listening, over new pods. */
  readonly listen?: Margin;
}

/** The smallest margins of an arm: by how much it held, or missed. */
export function margins(arm: ArmFindings): Margins {
  const close = smallest(arm.story?.pods ?? [], (lane) => lane.closeMarginMs);
  const listen = smallest(arm.story?.pods ?? [], (lane) => lane.listenMarginMs);
  return { ...(close && { close }), ...(listen && { listen }) };
}

function smallest(lanes: readonly PodLane[], of: (lane: PodLane) => Ms | undefined): Margin | undefined {
  let found: Margin | undefined;
  let pods = 0;
  for (const lane of lanes) {
    const value = of(lane);
    if (value === undefined) continue;
    pods += 1;
    if (found === undefined || value < found.smallestMs) found = { smallestMs: value, pod: lane.pod, pods };
  }
  return found && { ...found, pods };
}
