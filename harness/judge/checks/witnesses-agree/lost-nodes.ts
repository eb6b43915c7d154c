import type { EvidenceLine } from '../../../model/finding.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../evidence/arm-evidence.ts';

/** The engine says so when it has done so, and a request that was on its way may be answered meanwhile. */
const settled: Micros = msToMicros(1000);

/**
 * No pod answers what is sent while its node does not run, by the engine's word. The kernel of a frozen one accepts
 * connections: what is sent shortly before it runs again is answered then, if its client still waits.
 */
export function lostNodesAreSilent({ plan, timeline, answers, phases }: ArmEvidence): EvidenceLine[] {
  const waits = msToMicros(plan.traffic?.timeoutMs ?? 0);
  return timeline.outages.all.flatMap(({ node, how, from, to = phases.tail.to }) => {
    const pods = [...timeline.pods.values()].filter((pod) => pod.node === node && pod.seen !== undefined);
    const until = to - settled - (how === 'frozen' ? waits : 0);
    const [odd] = pods.filter(({ name }) => answers.any(name, from + settled, until));
    return odd ? [{ at: from, text: `${odd.name} answered while its node ${node} was ${how}` }] : [];
  });
}
