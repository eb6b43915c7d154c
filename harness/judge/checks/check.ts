import type { CheckId } from '../../model/checks.ts';
import type { EvidenceLine, Finding } from '../../model/finding.ts';
import { reason } from '../../model/reason.ts';
import type { Micros } from '../../model/units.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';

export interface Answer {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly measured: string;
  readonly evidence?: readonly EvidenceLine[];
  /** A limit of this host was detected that keeps the check from being asked. */
  readonly skipped?: boolean;
  /** When the doubt arose. Absent if it has no time; it then counts as after the fault. */
  readonly since?: Micros | undefined;
}

/** A question about an arm’s evidence. It is pure: the same evidence always gives the same answer. */
export interface Check {
  readonly id: CheckId;
  /** The subject, if the check is asked once per subject. */
  readonly of?: string;
  /** Where its evidence is: `failed requests`, `requests`, or a path in the arm’s folder. */
  readonly evidenceIn?: string;
  ask(evidence: ArmEvidence): Answer;
}

/** A number from an arm’s evidence, in words with its unit, and the first pieces of evidence for it. */
export interface Measure {
  readonly value: number;
  readonly words: string;
  readonly evidence?: readonly EvidenceLine[];
  readonly since?: Micros | undefined;
}

interface Bound {
  readonly limit: number;
  readonly expected: string;
  /** The verdict if the bound does not hold, and a sentence that says what it means. */
  readonly otherwise: Exclude<Verdict, 'pass'>;
  readonly meaning?: string;
}

const bounded =
  (holds: (value: number, limit: number) => boolean) =>
  (id: CheckId, measure: (evidence: ArmEvidence) => Measure, bound: Bound): Check => ({
    id,
    ask(evidence) {
      const { value, words, ...found } = measure(evidence);
      const { limit, expected, otherwise, meaning } = bound;
      if (holds(value, limit)) return { verdict: 'pass', expected, measured: words, ...found };
      const measured = meaning === undefined ? words : `${words}. ${meaning}`;
      return { verdict: otherwise, expected, measured, ...found };
    },
  });

/** A check that a measure is at most its limit. */
export const atMost = bounded((value, limit) => value <= limit);
export const atLeast = bounded((value, limit) => value >= limit);

/**
 * If an unprotected arm is not as declared, the experiment cannot detect the problem. That says nothing about the
 * workload.
 */
export const orCannotDetect = (answer: Answer, to: string): Answer =>
  answer.verdict === 'pass'
    ? answer
    : {
        ...answer,
        verdict: 'inconclusive',
        measured: `${answer.measured}. This experiment cannot detect the ${to}`,
      };

/** The same checks with the place of their evidence. */
export const withEvidenceIn = (evidenceIn: string, ...checks: readonly Check[]): Check[] =>
  checks.map((check) => ({ ...check, evidenceIn }));

/** How much evidence a finding holds; the recording has all of it. */
export const mostEvidence = 10;

/** Asks a check. A check that crashes is inconclusive and says why, so that nothing passes by accident. */
export function answer({ id, of, ask, evidenceIn }: Check, evidence: ArmEvidence): Finding {
  let given: Answer;
  try {
    given = ask(evidence);
  } catch (error) {
    given = { verdict: 'inconclusive', expected: 'an answer', measured: `the check crashed: ${reason(error)}` };
  }
  const { verdict, expected, measured, since } = given;
  const evidenceKept = (given.evidence ?? []).slice(0, mostEvidence);
  const finding = {
    check: id,
    ...(of !== undefined && { of }),
    verdict,
    expected,
    measured,
    evidence: evidenceKept,
    ...(given.skipped && { skipped: true as const }),
  };
  if (verdict === 'pass') return finding;
  return { ...finding, arose: whenArose(evidence, since), ...(evidenceIn !== undefined && { look: evidenceIn }) };
}

/**
 * A run may be repeated if a doubt arose before the fault, and never if it arose after. Without a time it counts as
 * after.
 */
function whenArose({ timeline }: ArmEvidence, since: Micros | undefined): 'before-fault' | 'after-fault' {
  const injected = timeline.faults.find(({ step }) => step === 'intent' || step === 'injected')?.at;
  const begun = injected ?? timeline.phases.start('fault');
  if (begun === undefined) return 'before-fault';
  return since !== undefined && since < begun ? 'before-fault' : 'after-fault';
}
