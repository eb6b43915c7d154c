import { demandKey } from '../../model/demand-key.ts';
import type { Demand, PodMarginKind, Role } from '../../model/experiment.ts';
import { lookRequests } from '../../model/finding.ts';
import { demandInWords, podMarginWords } from '../../model/in-words.ts';
import { count, counted, exactSeconds } from '../../model/number-words.ts';
import type { Ms } from '../../model/units.ts';
import { armFiles } from '../../recording/run-folder.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { sparesOf } from '../measures/margins.ts';
import { shutDown } from '../measures/pod-margins.ts';
import { type Check, orCannotDetect } from './check.ts';
import { isAllowed, isRefused, ownEvictions } from './evictions.ts';
import { addedLatency, coLocation, type DemandResult, fewestEndpoints, recoveryTime } from './measured-demands.ts';
import { runningAtEnd } from './running-at-end.ts';

function evictions(evidence: ArmEvidence) {
  const answers = ownEvictions(evidence).filter(({ at }) => at <= evidence.phases.tail.from);
  const [refused, allowed] = [answers.filter(isRefused), answers.filter(isAllowed)];
  const lines = answers.map(({ at, pod, state }) => ({
    at,
    text: `${pod} on ${state.node}: ${state.code}${state.message ? ` ${state.message}` : ''}`,
  }));
  return {
    refused,
    allowed,
    evidence: lines,
    measured: `${count(allowed.length)} allowed, ${count(refused.length)} refused`,
  };
}

function margin(kind: PodMarginKind, atLeastMs: Ms, evidence: ArmEvidence): DemandResult {
  const { span, missed } = podMarginWords[kind];
  const unended = kind === 'grace' ? leftUnended(evidence) : [];
  if (unended.length > 0) return { holds: false, measured: unended.join(', ') };
  const spares = sparesOf(kind, evidence);
  const [closest] = spares;
  if (!closest) {
    const why = kind === 'close' && !evidence.rules.known ? ': the rules on the client’s node are not known' : '';
    return { holds: undefined, measured: `no pod was seen ${span}${why}` };
  }
  const spareInWords = (ms: Ms) => `${exactSeconds(ms)} ${ms < 0 ? missed : 'to spare'}`;
  const close = spares.filter(({ ms, lessMs }) => ms - lessMs < atLeastMs);
  const certain = close.length === 0 || close.some(({ ms, moreMs }) => ms + moreMs < atLeastMs);
  const late = certain ? '' : '; conntrack was read so late that the result may be wrong';
  return {
    holds: certain ? close.length === 0 : undefined,
    measured: `${spareInWords(closest.ms)} (${closest.pod}, the closest of ${counted(spares.length, 'pod')})${late}`,
    evidence: (close.length > 0 ? close : [closest]).map(({ pod, ms, at }) => ({
      at,
      text: `${pod}: ${spareInWords(ms)} ${span}`,
    })),
  };
}

/** A request that a shutdown interrupted has used up the whole grace period. */
const leftUnended = (evidence: ArmEvidence): string[] =>
  [...evidence.timeline.pods.values()]
    .filter((pod) => shutDown(pod, evidence) && evidence.serverLog.served(pod.name).open > 0)
    .map(({ name }) => `${name} left ${counted(evidence.serverLog.served(name).open, 'request')} unended`);

function ask(demand: Demand, evidence: ArmEvidence): DemandResult {
  const { timeline, phases } = evidence;
  switch (demand.kind) {
    case 'ready-endpoints':
      return fewestEndpoints(evidence, demand);
    case 'recovery':
      return recoveryTime(evidence, demand);
    case 'together':
      return coLocation(evidence, demand);
    case 'evictions-refused': {
      const { refused, ...result } = evictions(evidence);
      return { ...result, holds: refused.length >= demand.atLeast };
    }
    case 'evictions-allowed': {
      const { allowed, ...result } = evictions(evidence);
      return { ...result, holds: allowed.length <= demand.atMost };
    }
    case 'unschedulable': {
      const events = timeline.kubernetesEvents.filter(
        ({ at, state }) =>
          at >= phases.baseline.from && state.reason === 'FailedScheduling' && state.message.includes(demand.because),
      );
      const pods = new Set(events.map(({ subject }) => subject));
      return {
        holds: pods.size >= demand.atLeast,
        measured: `${counted(pods.size, 'pod')} not scheduled`,
        evidence: events.map(({ at, name, state }) => ({ at, text: `${name}: ${state.message}` })),
      };
    }
    case 'running-at-end':
      return runningAtEnd(demand, evidence);
    case 'added-latency':
      return addedLatency(evidence, demand);
    case 'margin':
      return margin(demand.of, demand.atLeastMs, evidence);
  }
}

function placeOfEvidence(demand: Demand): string {
  if (demand.kind === 'added-latency') return lookRequests.all;
  if (demand.kind !== 'margin') return armFiles.events;
  return demand.of === 'grace' ? armFiles.workload : armFiles.conntrack;
}

/** Checks that an arm meets one of its demands. */
export const demanded = (demand: Demand, role: Role): Check => ({
  id: 'demand-met',
  of: demandKey(demand),
  evidenceIn: placeOfEvidence(demand),
  ask(evidence) {
    const { holds, measured, evidence: lines } = ask(demand, evidence);
    const verdict = holds ? 'pass' : holds === false && role === 'treatment' ? 'fail' : 'inconclusive';
    const answer = { verdict, expected: demandInWords(demand), measured, ...(lines && { evidence: lines }) } as const;
    return role === 'unprotected' ? orCannotDetect(answer, 'difference') : answer;
  },
});
