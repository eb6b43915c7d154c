import type { EvidenceLine } from '../../../model/finding.ts';
import { exactSeconds } from '../../../model/number-words.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { endedEvery } from '../../evidence/signs-of-life.ts';

const several = 3;
/** While the API server is down, a watch is retried every quarter of a second. */
const retriedWithin: Micros = msToMicros(1000);

/** The watches on the API server that every recorder runs. */
const watches = ['pod', 'endpointslice', 'deployment', 'k8s-event', 'budget', 'node', 'lease'];
/** Objects that are updated at regular intervals. */
const heartbeats = ['node', 'lease'];

/** Every watch shows signs of life until the end of the tail. */
export function watchesAlive(evidence: ArmEvidence): EvidenceLine[] {
  const { signs, phases } = evidence;
  const judged = { from: phases.baseline.from, to: phases.tail.to };
  const silence = silences(evidence);
  const silent = (limit: Ms, watch: string, span: Parameters<typeof signs.longestSilence>[1] = judged) => {
    const { at, ms } = signs.longestSilence(watch, span, (from, to) => silence(watch, from, to));
    return ms <= limit ? [] : [{ at, text: `the ${watch} watch reported nothing for ${exactSeconds(ms)}` }];
  };
  const beats = heartbeats.flatMap((watch) => {
    const usual = signs.usual(watch);
    if (usual === undefined) return [];
    // A watch that still runs after the tail still reports.
    const to = Math.max(judged.to, signs.lastAlive(watch) ?? judged.to);
    return silent(several * microsToMs(usual) + 1000, watch, { from: judged.from, to, reported: true });
  });
  if (!evidence.showsLife) return beats;
  const own = [...watches, ...(evidence.watchesStatefulSets ? ['statefulset'] : [])].flatMap((watch) => [
    ...silent(several * microsToMs(endedEvery), watch),
    ...(signs.after(watch, judged.to) || isApiServerDown(evidence)
      ? []
      : [{ at: judged.to, text: `the ${watch} watch showed no sign of life after the tail` }]),
  ]);
  return [...beats, ...own];
}

/**
 * Returns how much of a time a watch could have reported something. No watch can while the API server is down, and a
 * node that is down updates nothing.
 */
function silences({ timeline }: ArmEvidence): (watch: string, from: Micros, to: Micros) => Micros {
  const down = timeline.apiServer.spans().filter(({ state }) => state === 'down');
  const nodes = [...timeline.nodes().keys()];
  return (watch, from, to) => {
    const downTime = down.reduce((sum, span) => {
      const backAt = (span.to ?? to) + retriedWithin;
      return sum + Math.max(0, Math.min(to, backAt) - Math.max(from, span.from));
    }, 0);
    const noneRuns = heartbeats.includes(watch) && nodes.every((node) => timeline.outages.during(node, from, to));
    return noneRuns ? 0 : to - from - downTime;
  };
}

const isApiServerDown = ({ timeline, phases }: ArmEvidence): boolean =>
  timeline.apiServer.at(phases.tail.to) === 'down';
