import type { Demand, Role } from '../../model/experiment.ts';
import type { EvidenceLine } from '../../model/finding.ts';
import { demandInWords } from '../../model/in-words.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { count, counted } from '../words.ts';
import type { Check } from './check.ts';

interface Asked {
  readonly holds: boolean;
  readonly measured: string;
  readonly evidence?: readonly EvidenceLine[];
}

/** The fewest endpoints that were ready at any instant from baseline to the end of the fault. */
function readyEndpoints({ timeline, phases }: ArmEvidence, atLeast: number): Asked {
  const sets = timeline.endpoints.during(phases.baseline.from, phases.fault.to);
  const [first] = sets;
  if (!first) return { holds: false, measured: 'no endpoint was ever watched' };
  const fewest = sets.reduce((found, set) => (set.ready.length < found.ready.length ? set : found), first);
  const text = `${count(fewest.ready.length)} ready, ${count(fewest.terminating)} terminating`;
  return {
    holds: fewest.ready.length >= atLeast,
    measured: `never fewer than ${counted(fewest.ready.length, 'ready endpoint')}`,
    evidence: [{ at: fewest.at, text }],
  };
}

function evictions({ timeline, phases }: ArmEvidence) {
  const answers = timeline.evictions.filter(({ at }) => at >= phases.fault.from && at <= phases.tail.from);
  const refused = answers.filter(({ state }) => state.code === 429);
  const allowed = answers.filter(({ state }) => state.code === 201);
  const evidence = answers.map(({ at, pod, state }) => ({
    at,
    text: `${pod} on ${state.node}: ${state.code}${state.message ? ` ${state.message}` : ''}`,
  }));
  return { refused, allowed, evidence, measured: `${count(allowed.length)} allowed, ${count(refused.length)} refused` };
}

function ask(demand: Demand, evidence: ArmEvidence): Asked {
  const { timeline, phases } = evidence;
  switch (demand.kind) {
    case 'ready-endpoints':
      return readyEndpoints(evidence, demand.atLeast);
    case 'evictions-refused': {
      const { refused, ...asked } = evictions(evidence);
      return { ...asked, holds: refused.length >= demand.atLeast };
    }
    case 'evictions-allowed': {
      const { allowed, ...asked } = evictions(evidence);
      return { ...asked, holds: allowed.length <= demand.atMost };
    }
    case 'unschedulable': {
      const said = timeline.kubernetesEvents.filter(
        ({ at, state }) =>
          at >= phases.baseline.from && state.reason === 'FailedScheduling' && state.message.includes(demand.because),
      );
      const pods = new Set(said.map(({ subject }) => subject));
      return {
        holds: pods.size >= demand.atLeast,
        measured: `${counted(pods.size, 'pod')} not scheduled`,
        evidence: said.map(({ at, subject, state }) => ({ at, text: `${subject}: ${state.message}` })),
      };
    }
    case 'running-at-end': {
      const running = [...timeline.pods.values()].filter(
        (pod) =>
          pod.bar.at(phases.tail.to) === 'ready' &&
          pod.version === (demand.version ?? pod.version) &&
          !timeline.outages.during(pod.node, phases.tail.to, phases.tail.to),
      );
      return {
        holds: running.length >= demand.atLeast,
        measured: `${counted(running.length, 'replica')} ready at the end`,
      };
    }
  }
}

/** What else an arm must show. */
export const demanded = (demand: Demand, role: Role): Check => ({
  name: demandInWords(demand),
  ask(evidence) {
    const { holds, measured, evidence: lines } = ask(demand, evidence);
    const verdict = holds ? 'pass' : role === 'treatment' ? 'fail' : 'inconclusive';
    return { verdict, expected: demandInWords(demand), measured, ...(lines && { evidence: lines }) };
  },
});
