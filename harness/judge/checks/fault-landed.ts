import type { Disruption } from '../../model/experiment.ts';
import type { EvidenceLine } from '../../model/finding.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { FaultStep } from '../timeline/timeline.ts';
import type { Answer, Check } from './check.ts';

const reasonOf = ({ data }: FaultStep): string => {
  const { reason } = (data ?? {}) as { reason?: unknown };
  return typeof reason === 'string' ? reason : 'no reason was recorded';
};

/** Observers saw that the disruption did what it is meant to do. What the injector reported does not count. */
export const faultLanded = ({ id, fault }: Disruption): Check => ({
  id: 'fault-landed',
  of: id,
  ask({ timeline, landings }: ArmEvidence): Answer {
    const steps = timeline.faults.filter((step) => step.id === id);
    const noted = (name: string) => steps.find(({ step }) => step === name);
    const expected = `observers saw the ${fault.name} do what it is meant to do`;
    const doubt = (measured: string): Answer => ({ verdict: 'inconclusive', expected, measured });
    const skipped = noted('skipped');
    if (skipped) return { ...doubt(`skipped: ${reasonOf(skipped)}`), skipped: true };
    const notLanded = noted('not-landed');
    const landing = landings.of(id);
    if (!noted('injected') || !landing)
      return doubt(notLanded ? `not injected: ${reasonOf(notLanded)}` : 'its injection was not recorded');
    if (landing.fault !== fault.name) return doubt(`a ${landing.fault} was injected`);
    const { landed, missing } = landing;
    if (!landed) return doubt(`not landed: ${missing}`);
    if (notLanded) return doubt(`given up: ${reasonOf(notLanded)}`);
    if (!noted('landed')) return doubt('the recorder did not note that it landed');
    const evidence: EvidenceLine[] = [{ at: landed.at, text: landed.saw }];
    const recovered = noted('recovered');
    const stuck = noted('not-recovered');
    if (recovered) evidence.push({ at: recovered.at, text: `${id}: recovered without being healed` });
    if (stuck) evidence.push({ at: stuck.at, text: `${id}: not recovered while it lasted: ${reasonOf(stuck)}` });
    return { verdict: 'pass', expected, measured: landed.saw, evidence };
  },
});

/** How a node that was not disrupted differed from Ready. */
const nodeWords = {
  'not-ready': 'was not Ready',
  unknown: 'had the status Unknown',
  cordoned: 'was cordoned',
} as const;

/** An arm without a disruption is only useful if nothing happened in it. */
export const nothingDisturbed: Check = {
  id: 'nothing-disturbed',
  ask({ timeline, phases }): Answer {
    const expected = 'no injection, and the same pods from baseline to tail';
    const judged = (at: number | undefined) => at !== undefined && at >= phases.baseline.from && at <= phases.tail.to;
    const lines = [
      ...timeline.outages.all
        .filter(({ from }) => judged(from))
        .map(({ from, node, how }) => ({ at: from, text: `${node} was ${how}` })),
      ...[...timeline.nodes()].flatMap(([node, spans]) =>
        spans.flatMap(({ state, from }) =>
          state !== 'ready' && judged(from) ? [{ at: from, text: `${node} ${nodeWords[state]}` }] : [],
        ),
      ),
      ...timeline.apiServer
        .spans()
        .flatMap(({ state, from }) =>
          state === 'down' && judged(from) ? [{ at: from, text: 'the API server was down' }] : [],
        ),
      ...timeline.evictions.map(({ at, name }) => ({ at, text: `the eviction of ${name} was requested` })),
      ...timeline.faults.map(({ at, id, step }) => ({ at, text: `the ${step} of ${id} was recorded` })),
      ...[...timeline.pods.values()].flatMap(({ name, bar, seen, terminating, ends }) => [
        ...(seen !== undefined && judged(seen) ? [{ at: seen, text: `${name} appeared` }] : []),
        ...(terminating !== undefined && judged(terminating)
          ? [{ at: terminating, text: `${name} was terminated` }]
          : []),
        ...bar
          .spans()
          .filter(({ state, from }) => state === 'unready' && judged(from))
          .map(({ from }) => ({ at: from, text: `${name} was no longer ready` })),
        ...ends.filter(({ at }) => judged(at)).map(({ at }) => ({ at, text: `a container of ${name} ended` })),
      ]),
    ];
    if (lines.length === 0) return { verdict: 'pass', expected, measured: 'nothing happened' };
    const since = Math.min(...lines.map(({ at }) => at));
    return {
      verdict: 'inconclusive',
      expected,
      measured: lines.map(({ text }) => text).join(', '),
      evidence: lines,
      since,
    };
  },
};
