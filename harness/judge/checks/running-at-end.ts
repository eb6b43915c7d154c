import type { Demand } from '../../model/experiment.ts';
import { counted } from '../../model/number-words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { DemandResult } from './measured-demands.ts';

/** How many replicas are ready on running nodes at the end of the tail, of the demanded revision if there is one. */
export function runningAtEnd(
  { atLeast, revision }: Extract<Demand, { readonly kind: 'running-at-end' }>,
  evidence: ArmEvidence,
): DemandResult {
  const { timeline, phases } = evidence;
  const end = phases.tail.to;
  const ready = [...timeline.pods.values()].filter(
    ({ bar, node }) => bar.at(end) === 'ready' && !timeline.outages.during(node, end, end),
  );
  if (revision !== undefined && ready.some((pod) => pod.revision === ''))
    return { holds: undefined, measured: 'the revision of a ready pod was not recorded' };
  const old = revision === undefined ? undefined : revisionsBefore(evidence);
  const running = ready.filter((pod) => !old || old.has(pod.revision) === (revision === 'old'));
  return { holds: running.length >= atLeast, measured: `${counted(running.length, 'replica')} ready at the end` };
}

/** The revisions of the pods that existed when the fault phase began. */
function revisionsBefore({ timeline, phases }: ArmEvidence): Set<string> {
  const { from } = phases.fault;
  const existing = [...timeline.pods.values()].filter(
    ({ seen, gone }) => seen !== undefined && seen <= from && (gone === undefined || gone > from),
  );
  return new Set(existing.map((pod) => pod.revision));
}
