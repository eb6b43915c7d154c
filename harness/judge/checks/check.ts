import type { CheckId } from '../../model/checks.ts';
import type { EvidenceLine, Finding } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';

export interface Answer {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly measured: string;
  readonly evidence?: readonly EvidenceLine[];
  /** A limit of this host that was probed keeps it from being asked. */
  readonly skipped?: boolean;
  /** When the doubt arose; absent where that is not a moment, and then it counts as after the fault. */
  readonly since?: Micros | undefined;
}

/** A question to an arm's evidence. Pure: the same evidence always gets the same answer. */
export interface Check {
  readonly id: CheckId;
  /** Its subject, if an arm asks it once per subject. */
  readonly of?: string;
  /** What its evidence is looked up in: `failed requests`, `requests`, or a part of the arm's folder. */
  readonly look?: string;
  ask(evidence: ArmEvidence): Answer;
}

/** A number that an arm's evidence yields, in words that name its unit, with the first places where it shows. */
export interface Measure {
  readonly value: number;
  readonly words: string;
  readonly evidence?: readonly EvidenceLine[];
  readonly since?: Micros | undefined;
}

interface Bound {
  readonly limit: number;
  readonly expected: string;
  /** What it comes to when the bound does not hold, and what that means, as a sentence. */
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

/** A check that a measure is at most, or at least, its limit. */
export const atMost = bounded((value, limit) => value <= limit);
export const atLeast = bounded((value, limit) => value >= limit);

/** An unprotected arm that is not as declared shows nothing of the workload, only that the experiment cannot tell. */
export const unlessBlind = (answer: Answer, to: string): Answer =>
  answer.verdict === 'pass'
    ? answer
    : {
        ...answer,
        verdict: 'inconclusive',
        measured: `${answer.measured}. This experiment could not see the ${to}`,
      };

/** The same checks, whose evidence is looked up there. */
export const lookedUpIn = (look: string, ...checks: readonly Check[]): Check[] =>
  checks.map((check) => ({ ...check, look }));

/** A finding shows the first of its evidence; the recording has all. */
export const mostEvidence = 10;

/** Asks a check. One that crashes is inconclusive and says why: nothing passes by accident. */
export function answer({ id, of, ask, look }: Check, evidence: ArmEvidence): Finding {
  let given: Answer;
  try {
    given = ask(evidence);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    given = { verdict: 'inconclusive', expected: 'an answer', measured: `the check crashed: ${message}` };
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
  return { ...finding, arose: whenArose(evidence, since), ...(look !== undefined && { look }) };
}

/** Before the fault a run may be repeated, after it never: so a doubt without a moment counts as after it. */
function whenArose({ timeline }: ArmEvidence, since: Micros | undefined): 'before-fault' | 'after-fault' {
  const injected = timeline.faults.find(({ step }) => step === 'intent' || step === 'injected')?.at;
  const begun = injected ?? timeline.phases.start('fault');
  if (begun === undefined) return 'before-fault';
  return since !== undefined && since < begun ? 'before-fault' : 'after-fault';
}
