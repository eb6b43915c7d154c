import type { Disruption } from '../../model/experiment.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { witnessRollout } from '../witness/rollout.ts';
import type { Witness } from '../witness/witness.ts';
import type { Answer, Check } from './check.ts';

/** By the fault's name in the catalogue: who tells from the observers' events that it landed. */
const witnesses: { readonly [fault: string]: Witness } = { rollout: witnessRollout };

const steps = ({ timeline }: ArmEvidence, id: string) => timeline.faults.filter((step) => step.id === id);

/** The disruption did to the cluster what it was meant to, as observers saw it; what the injector said does not count. */
export const faultLanded = ({ id, fault }: Disruption): Check => ({
  name: `the fault landed: ${id}`,
  ask(evidence) {
    const own = steps(evidence, id);
    const injected = own.find(({ step }) => step === 'injected')?.at;
    const expected = `the ${fault.name} is complete, as the watches saw it`;
    if (injected === undefined) return { verdict: 'inconclusive', expected, measured: 'no note of its injection' };
    const witness = witnesses[fault.name];
    if (!witness)
      return { verdict: 'inconclusive', expected, measured: `nobody can tell whether a ${fault.name} landed` };
    const { done, measured, evidence: lines } = witness(evidence, own);
    return { verdict: done ? 'pass' : 'inconclusive', expected, measured, evidence: lines };
  },
});

/** An arm without a disruption is only worth something if nothing happened in it. */
export const nothingHappened: Check = {
  name: 'nothing was disturbed',
  ask({ timeline, phases }): Answer {
    const expected = 'no injection, and the same pods from baseline to tail';
    const judged = (at: number | undefined) => at !== undefined && at >= phases.baseline.from && at <= phases.tail.to;
    const lines = [
      ...timeline.faults.map(({ at, id, step }) => ({ at, text: `${id} was ${step}` })),
      ...[...timeline.pods.values()].flatMap(({ name, seen, terminating, ends }) => [
        ...(seen !== undefined && judged(seen) ? [{ at: seen, text: `${name} appeared` }] : []),
        ...(terminating !== undefined && judged(terminating)
          ? [{ at: terminating, text: `${name} was terminated` }]
          : []),
        ...ends.filter(({ at }) => judged(at)).map(({ at }) => ({ at, text: `a container of ${name} ended` })),
      ]),
    ];
    if (lines.length === 0) return { verdict: 'pass', expected, measured: 'nothing was' };
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
