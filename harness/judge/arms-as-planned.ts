import { isDeepStrictEqual } from 'node:util';
import { flawsOf, inequalities } from '../model/arm-rules.ts';
import type { Finding } from '../model/finding.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';
import { counted } from '../model/words.ts';
import { mostEvidence } from './checks/check.ts';

/**
 * Whether the arms can be held against each other: each does what its role is for, nothing but the workload differs, and
 * each recording counts once. `strange` are sentences about recordings that do not belong together.
 */
export function armsAsPlanned({ arms }: ExperimentPlan, strange: readonly string[]): Finding {
  const other = [...arms.flatMap(flawsOf), ...inequalities(arms), ...otherRepeats(arms), ...strange];
  const shown = other.slice(0, mostEvidence);
  const more = other.length > shown.length ? [`${other.length - shown.length} more`] : [];
  return {
    check: 'as-planned',
    verdict: other.length > 0 ? 'inconclusive' : 'pass',
    ...(other.length > 0 && { arose: 'after-fault' as const }),
    expected: 'arms that differ in the workload alone, that do what their roles are for, each recorded once',
    measured: other.length > 0 ? [...shown, ...more].join('; ') : counted(arms.length, 'arm'),
    evidence: [],
  };
}

/** An arm that repeats another is the same but for its name and place. */
const otherRepeats = (arms: readonly ArmPlan[]): string[] =>
  arms.flatMap((arm) => {
    const first = arms.find(({ name }) => name === armOf(arm));
    return first && !isDeepStrictEqual(sameIn(arm), sameIn(first))
      ? [`${arm.name} repeats ${first.name}, and is another arm`]
      : [];
  });

function sameIn(arm: ArmPlan): object {
  const { name: _, repeats: __, namespace: ___, ...rest } = arm;
  return rest;
}
