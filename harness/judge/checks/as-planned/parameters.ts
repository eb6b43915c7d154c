import { isDeepStrictEqual } from 'node:util';
import type { Disruption } from '../../../model/experiment.ts';
import type { EvidenceLine } from '../../../model/finding.ts';
import { counted } from '../../../model/number-words.ts';
import { type Json, type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { namesIn, type Plain, planOf } from '../../timeline/fault-plan.ts';
import type { FaultStep } from '../../timeline/timeline.ts';

/** The defaults of parameters that a plan leaves out. */
const unlessSaid: Plain = { finishes: true, pending: false };

/** How far the watches may lag behind the fault’s own list of pods and nodes. */
const watchLate: Micros = msToMicros(1000);

/** The fault was done with its planned parameters. Older recordings do not note all of them. */
export function parametersAsPlanned(
  { id, fault }: Disruption,
  intent: FaultStep,
  evidence: ArmEvidence,
): EvidenceLine[] {
  const noted = planOf(intent);
  const other = (what: string) => [{ at: intent.at, text: `${id}: ${what}` }];
  return Object.entries({ ...unlessSaid, ...fault.params }).flatMap(([key, value]): EvidenceLine[] => {
    if (key === 'nodes') return nodesAsChosen(value, noted, intent.at, evidence).flatMap(other);
    if (key === 'count') return podsAsChosen(value, noted).flatMap(other);
    const as = fault.name === 'scale' && key === 'replicas' ? 'to' : key;
    const done = noted[as];
    if (done === undefined || isDeepStrictEqual(done, value)) return [];
    return other(`done with ${key} ${JSON.stringify(done)}, planned ${JSON.stringify(value)}`);
  });
}

function podsAsChosen(count: Json, { pods, replicas }: Plain): string[] {
  const taken = namesIn(pods).length;
  const wanted = count === 'all' ? replicas : count;
  if (typeof wanted !== 'number' || taken === wanted) return [];
  return [`${counted(taken, 'pod')} taken, planned ${wanted}`];
}

function nodesAsChosen(choice: Json, noted: Plain, at: Micros, evidence: ArmEvidence): string[] {
  const { pick, of, count = 1 } = choice as { pick?: Json; of?: Json; count?: Json };
  const taken = namesIn(noted.nodes);
  if (of !== undefined) {
    const other = evidence.timeline.faults.find(({ id, step }) => id === of && step === 'intent');
    const planned = other ? namesIn(planOf(other).nodes) : [];
    const same = isDeepStrictEqual([...taken].sort(), [...planned].sort());
    return same ? [] : [`took ${taken.join(', ') || 'no node'}, and ${of} took ${planned.join(', ') || 'none'}`];
  }
  const holding = nodesWithReady(at, evidence);
  const counts = pick === 'most-replicas' || pick === 'without-replicas';
  if (counts && taken.length !== count) return [`${counted(taken.length, 'node')} taken, planned ${count}`];
  const empty = taken.filter((node) => !holding.has(node));
  if ((pick === 'most-replicas' || pick === 'with-replicas') && empty.length > 0)
    return [`${empty.join(', ')} held no ready replica`];
  if ((pick === 'zone' || pick === 'rack') && empty.length === taken.length) return [`no ${pick} with a ready replica`];
  if (pick === 'without-replicas' && empty.length < taken.length) return ['a node with a replica was taken'];
  // A node that another disruption has taken is not taken again.
  const spared = [...holding].filter((node) => !taken.includes(node));
  if (pick === 'with-replicas' && spared.length > 0 && evidence.plan.disruptions.length === 1)
    return [`${spared.join(', ')} held a ready replica, too`];
  return [];
}

/** The nodes that had a ready endpoint at that time, as far as the watches show. */
function nodesWithReady(at: Micros, { timeline }: ArmEvidence): Set<string> {
  const ready = timeline.endpoints.during(at - watchLate, at).flatMap((set) => set.ready);
  const nodeOf = new Map([...timeline.pods.values()].map(({ name, node }) => [name, node]));
  return new Set(ready.flatMap((pod) => nodeOf.get(pod) ?? []));
}
