import { isDeepStrictEqual } from 'node:util';
import { flawsOf, inequalities } from '../model/arm-rules.ts';
import type { Finding } from '../model/finding.ts';
import { counted } from '../model/number-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';
import { mostEvidence } from './checks/check.ts';

/**
 * Checks that the arms can be compared: each arm does what its role requires, arms differ only in the workload, and
 * each recording counts once. `problems` holds sentences about recordings that do not belong together.
 */
export function armsAsPlanned({ arms }: ExperimentPlan, problems: readonly string[]): Finding {
  const other = [...arms.flatMap(flawsOf), ...inequalities(arms), ...otherRepeats(arms), ...problems];
  const shown = other.slice(0, mostEvidence);
  const more = other.length > shown.length ? [`${other.length - shown.length} more`] : [];
  return {
    check: 'as-planned',
    verdict: other.length > 0 ? 'inconclusive' : 'pass',
    ...(other.length > 0 && { arose: 'after-fault' as const }),
    expected: 'arms that differ only in the workload, match their roles, and are each recorded once',
    measured: other.length > 0 ? [...shown, ...more].join('; ') : counted(arms.length, 'arm'),
    evidence: [],
  };
}

/** Arms that repeat another arm, and differ from it in more than name and namespace. */
const otherRepeats = (arms: readonly ArmPlan[]): string[] =>
  arms.flatMap((arm) => {
    const first = arms.find(({ name }) => name === armOf(arm));
    return first && !isDeepStrictEqual(sameIn(arm), sameIn(first))
      ? [`${arm.name} is a repeat of ${first.name}, but differs from it`]
      : [];
  });

function sameIn(arm: ArmPlan): object {
  const { name: _, repeats: __, namespace: ___, ...rest } = arm;
  return rest;
}
