import type { EvidenceLine } from '../../model/finding.ts';
import { count } from '../../model/number-words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { atMost } from './check.ts';

/** Every answer names the pod that gave it, and conntrack does not contradict it. */
export const answersIdentified = atMost(
  'answers-identified',
  (evidence) => {
    const nameless = evidence.generators.reduce((sum, load) => sum + load.nameless, 0);
    const other = contradictions(evidence);
    const first = evidence.generators.flatMap(({ firstNameless }) =>
      firstNameless
        ? [{ at: firstNameless.start, text: `${firstNameless.id}: ${firstNameless.status} without a pod's name` }]
        : [],
    );
    return {
      value: nameless + other.length,
      words: `${count(nameless)} without a name, ${count(other.length)} contradicted by conntrack`,
      evidence: [...first, ...other],
    };
  },
  { limit: 0, expected: 'a name in every answer, and the connection to that pod', otherwise: 'error' },
);

function contradictions({ generators, connections, timeline }: ArmEvidence): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  for (const request of generators.flatMap(({ samples }) => samples.list())) {
    const entry = connections.openedFor(request);
    // The entry may be stamped late, and the address may have been reused.
    const pod = entry && timeline.podWithIp(entry.endpointIp, request.start);
    if (!pod || request.pod === '' || pod.name === request.pod) continue;
    // A pod’s address may be reused after its end, and pods with host networking share their node’s address.
    if ([...timeline.pods.values()].some(({ name, ips }) => name === request.pod && ips.has(entry.endpointIp)))
      continue;
    lines.push({
      at: request.start,
      text: `${request.id}: answered by ${request.pod}, and conntrack sent it to ${pod.name}`,
    });
  }
  return lines;
}
