import type { EvidenceLine } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { count } from '../words.ts';
import type { Witness } from './witness.ts';

/**
 * A rollout is complete when the controller saw a new generation, every pod from before it was terminated and gone, and
 * as many new ones as the Deployment wants were ready endpoints, all within the fault phase.
 */
export const witnessRollout: Witness = ({ timeline, phases, plan }, steps) => {
  const begun = steps[0]?.at ?? phases.fault.from;
  const end = phases.fault.to;
  const pods = [...timeline.pods.values()].filter(({ seen }) => seen !== undefined);
  const old = pods.filter(({ seen, gone }) => (seen ?? 0) < begun && (gone === undefined || gone > begun));
  const fresh = pods.filter(({ seen }) => (seen ?? 0) >= begun && (seen ?? 0) <= end);
  const within = (at: Micros | undefined) => at !== undefined && at >= begun && at <= end;
  const replaced = old.filter(({ terminating, gone }) => within(terminating) && within(gone));
  const ready = fresh.filter((pod) => readyWithin(pod, within));
  const generation = newGeneration(timeline.deployments, begun, end);
  const { replicas } = plan.workload;
  const done =
    generation !== undefined && old.length >= replicas && replaced.length === old.length && ready.length >= replicas;

  const evidence: EvidenceLine[] = [
    ...(generation ? [generation] : [{ text: 'no new generation of a Deployment was observed' }]),
    ...old
      .filter((pod) => !replaced.includes(pod))
      .map(({ name }) => ({ text: `${name} was not seen terminating and gone` })),
    ...replaced.flatMap(({ name, gone }) => (gone === undefined ? [] : [{ at: gone, text: `${name} gone` }])),
    ...steps
      .filter(({ step }) => step === 'not-landed')
      .map(({ at, data }) => ({ at, text: `not landed: ${reason(data)}` })),
  ];
  const measured = `${count(replaced.length)} of ${count(old.length)} pods replaced, ${count(ready.length)} of ${count(replicas)} new ones ready`;
  return { done, measured: generation ? measured : `no new generation was observed, ${measured}`, evidence };
};

const readyWithin = (pod: PodHistory, within: (at: Micros) => boolean): boolean =>
  pod.endpoint.spans().some(({ state, from }) => state === 'ready' && within(from));

const reason = (data: unknown): string => {
  const { reason } = (data ?? {}) as { reason?: unknown };
  return typeof reason === 'string' ? reason : 'no reason was recorded';
};

function newGeneration(
  deployments: ReadonlyMap<string, readonly { at: Micros; state: { observedGeneration: number } }[]>,
  begun: Micros,
  end: Micros,
): EvidenceLine | undefined {
  for (const [name, states] of deployments) {
    const before = states.findLast(({ at }) => at < begun)?.state.observedGeneration;
    const risen = states.find(
      ({ at, state }) => at >= begun && at <= end && before !== undefined && state.observedGeneration > before,
    );
    if (risen)
      return { at: risen.at, text: `Deployment ${name}: generation ${risen.state.observedGeneration} observed` };
  }
  return undefined;
}
