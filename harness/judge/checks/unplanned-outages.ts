import { controlPlaneStopped } from '../../witness/control-plane.ts';
import { frozen, poweredOff, restarted } from '../../witness/node-power.ts';
import { witnessOf } from '../../witness/witnesses.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';

/** Whether a fault causes outages that the container engine reports, because it stops whole nodes. */
const takesPower = (fault: string): boolean => {
  const witness: unknown = witnessOf(fault);
  return [poweredOff, frozen, restarted, controlPlaneStopped].some((each) => each === witness);
};

/** The node outages since the baseline that no disruption of the arm caused, in order. */
export function unplannedOutages({ plan, timeline, landings, phases }: ArmEvidence): NodeOutage[] {
  const planned = plan.disruptions.flatMap(({ id }) => {
    const landing = landings.of(id);
    if (!landing || !takesPower(landing.fault)) return [];
    const step = (name: string) => timeline.faults.find((each) => each.id === id && each.step === name)?.at;
    const [from, to = phases.tail.to] = [step('intent'), step('healed')];
    return from === undefined ? [] : [{ nodes: landing.nodes, from, to }];
  });
  const isPlanned = (outage: NodeOutage) =>
    planned.some(({ nodes, from, to }) => nodes.includes(outage.node) && outage.from >= from && outage.earliest <= to);
  const { baseline, tail } = phases;
  return timeline.outages.all.filter(
    (outage) => outage.earliest <= tail.to && (outage.to ?? tail.to) >= baseline.from && !isPlanned(outage),
  );
}

/** `worker2 was frozen, but not by a disruption`. */
export const outageInWords = ({ node, how }: NodeOutage): string => `${node} was ${how}, but not by a disruption`;
