import type { Demand } from '../../model/experiment.ts';
import type { EvidenceLine, Fewest } from '../../model/finding.ts';
import { sharing } from '../../model/in-words.ts';
import { between, count, counted } from '../../model/number-words.ts';
import { type Ms, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { mostCoLocated } from '../measures/co-location.ts';
import { fewest } from '../measures/endpoints.ts';
import { addedMs } from '../measures/latency.ts';
import { recoveryOf } from '../measures/recovery.ts';

type Of<Kind extends Demand['kind']> = Extract<Demand, { readonly kind: Kind }>;

export interface DemandResult {
  /** Undefined if the recording does not show it. */
  readonly holds: boolean | undefined;
  readonly measured: string;
  readonly evidence?: readonly EvidenceLine[];
}

export function fewestEndpoints(evidence: ArmEvidence, { atLeast, of = 'ready' }: Of<'ready-endpoints'>): DemandResult {
  const found = fewest(of, evidence);
  if (!found) return { holds: undefined, measured: 'no endpoint was ever watched' };
  return {
    holds: found.count >= atLeast,
    measured: `never fewer than ${counted(found.count, `${of} endpoint`)}`,
    evidence: [
      {
        at: found.at,
        text: [...(of === 'ready' ? [] : [`${count(found.count)} ${of}`]), endpointsInWords(evidence, found)].join(
          ', ',
        ),
      },
    ],
  };
}

/** The endpoint counts in the EndpointSlices. */
function endpointsInWords({ timeline }: ArmEvidence, { at }: Fewest): string {
  const set = timeline.endpoints.during(at, at).at(-1);
  return set ? `${count(set.ready.length)} ready, ${count(set.terminating)} terminating` : 'no endpoint watched';
}

const recoveredWords = {
  endpoints: 'as many endpoints were ready as before',
  requests: 'requests were answered again',
} as const;
const lostWords = { endpoints: 'fewer endpoints were ready than before', requests: 'a request failed' } as const;

/** If the arm ended too soon, it is unknown whether it would have recovered in time. */
export function recoveryTime(evidence: ArmEvidence, { withinMs }: Of<'recovery'>): DemandResult {
  const { timeline, phases } = evidence;
  if (timeline.endpoints.during(phases.fault.from, phases.fault.from).length === 0)
    return { holds: undefined, measured: 'no endpoint was watched before the fault' };
  const recovery = recoveryOf(evidence);
  if (!recovery) return { holds: true, measured: 'nothing was lost' };
  const { from, to, first, last } = recovery;
  const begun = { at: from, text: lostWords[first] };
  const inTime = (to ?? phases.tail.to) - from <= msToMicros(withinMs);
  if (to === undefined) {
    const measured = `not recovered ${between(from, phases.tail.to)} after the first loss, when the arm ended, before ${recoveredWords[last]}`;
    return { holds: inTime ? undefined : false, measured, evidence: [begun] };
  }
  return {
    holds: inTime,
    measured: `recovered ${between(from, to)} after the first loss, when ${recoveredWords[last]}`,
    evidence: [begun, { at: to, text: recoveredWords[last] }],
  };
}

export function coLocation(evidence: ArmEvidence, { over, atMost }: Of<'together'>): DemandResult {
  const most = mostCoLocated(over, evidence);
  if (!most) return { holds: undefined, measured: `it is unknown how many replicas ran ${sharing[over]}` };
  const words = `${counted(most.count, 'replica')} ${sharing[over]}`;
  return {
    holds: most.count <= atMost,
    measured: `never more than ${words}`,
    evidence: [{ at: most.at, text: `${words}: ${most.domain}` }],
  };
}

/** If a phase has too few answers, it shows nothing about latency. */
export function addedLatency(
  { generators, phases }: ArmEvidence,
  { percentile, atMostMs }: Of<'added-latency'>,
): DemandResult {
  const phasesWithTime = (['fault', 'tail'] as const).filter((phase) => phases[phase].to > phases[phase].from);
  const added = generators.flatMap((load) =>
    phasesWithTime.map((phase) => {
      const ms = addedMs(load, phase, percentile);
      const words = ms === undefined ? 'too few answers to tell' : addedInWords(ms);
      return { ms, at: phases[phase].from, text: `${load.gen} ${words} in the ${phase}` };
    }),
  );
  const slow = added.filter(({ ms }) => ms !== undefined && ms > atMostMs);
  const known = added.length > 0 && added.every(({ ms }) => ms !== undefined);
  return {
    holds: slow.length > 0 ? false : known ? true : undefined,
    measured: added.length > 0 ? added.map(({ text }) => text).join(', ') : 'no request was sent',
    evidence: slow.map(({ at, text }) => ({ at, text })),
  };
}

const addedInWords = (ms: Ms): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)} ms`;
