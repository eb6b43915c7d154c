import { type Claim, cleanTrialsFor, trialNoun, trialsIn } from '../model/claim.ts';
import type { Role } from '../model/experiment.ts';
import type { ArmFindings, Finding } from '../model/finding.ts';
import { claimInWords } from '../model/in-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { count, counted, percent } from '../model/words.ts';
import { mostEvidence } from './checks/check.ts';
import { upperBound, usualConfidence } from './strength.ts';

/** An arm and its repeats: the runs that are judged together. */
export interface Trials {
  readonly arm: string;
  readonly role: Role;
  /** `rollout`: what one trial is. */
  readonly noun: string;
  /** Runs that were planned. */
  readonly planned: number;
  /** Trials in each run. */
  readonly inEach: number;
  readonly runs: readonly ArmFindings[];
  readonly clean: number;
  /** A run that failed does not say which of its trials was bad: all of them count. */
  readonly bad: number;
  /** What a recorder that repeats an arm until it does not pass never leaves: runs after a hole, or after one that did not pass. */
  readonly outOfTurn: readonly string[];
}

/** Every arm of an experiment with its repeats, in the order in which they were planned. */
export function trialsOf(plan: Pick<ExperimentPlan, 'arms'>, arms: readonly ArmFindings[]): Trials[] {
  const names = [...new Set(plan.arms.map(armOf))];
  return names.flatMap((arm): Trials[] => {
    const planned = plan.arms.filter((each) => armOf(each) === arm);
    const [first] = planned;
    if (!first) return [];
    const runs = arms.filter(({ name }) => planned.some((each) => each.name === name));
    const inEach = trialsIn(first.disruptions);
    const those = (verdict: Verdict) => runs.filter((run) => run.verdict === verdict).length * inEach;
    const counted = { planned: planned.length, inEach, clean: those('pass'), bad: those('fail') };
    const outOfTurn = recordedOutOfTurn(planned, runs);
    return [{ arm, role: first.role, noun: trialNoun(first.disruptions), runs, ...counted, outOfTurn }];
  });
}

/** In the order in which they were planned, which is the order in which they are recorded. */
function recordedOutOfTurn(planned: readonly ArmPlan[], runs: readonly ArmFindings[]): string[] {
  const words: string[] = [];
  let before: string | undefined;
  for (const { name } of planned) {
    const run = runs.find((each) => each.name === name);
    if (run && before !== undefined) words.push(`${name} was recorded though ${before}`);
    if (!run) before ??= `${name} was not`;
    else if (run.verdict !== 'pass') before ??= `${name} came to ${run.verdict}`;
  }
  return words;
}

/** What the runs of a repeated arm come to together, and what a claim asks of those of a treatment. */
export const togetherFindings = (all: readonly Trials[], claim: Claim | undefined): Finding[] =>
  all.flatMap((trials) => {
    if (claim && trials.role === 'treatment' && trials.inEach > 0) return [claimShown(trials, claim)];
    return trials.planned > 1 ? [repeated(trials)] : [];
  });

function repeated({ arm, role, planned, runs }: Trials): Finding {
  const well = runs.filter(({ verdict }) => verdict === 'pass');
  const missing = planned - runs.length;
  const how = role === 'unprotected' ? 'as declared' : 'clean';
  return {
    check: 'every-run-counts',
    of: arm,
    ...comesTo(runs, well.length === planned),
    expected: `${counted(planned, 'run')}, all ${how}`,
    measured: `${count(well.length)} of ${counted(runs.length, 'run')} ${how}${missing > 0 ? `; ${count(missing)} did not run` : ''}`,
    evidence: oddOnes(runs),
  };
}

function claimShown({ arm, noun, runs, clean, bad, outOfTurn }: Trials, claim: Claim): Finding {
  const needed = cleanTrialsFor(claim);
  const bound = upperBound(bad, clean + bad, claim.confidence);
  return {
    check: 'claim-shown',
    of: arm,
    ...comesTo(runs, clean >= needed && outOfTurn.length === 0),
    expected: `${claimInWords(claim, noun)}: ${count(needed)} clean ones, and no bad one`,
    measured: `${count(clean)} clean, ${count(bad)} bad: at most ${percent(bound)} are bad${outOfTurn.length > 0 ? `; ${outOfTurn[0]}` : ''}`,
    evidence: [...oddOnes(runs), ...outOfTurn.map((text) => ({ text }))].slice(0, mostEvidence),
  };
}

/** A bad run decides; one that broke or showed nothing is only one too few. */
function comesTo(runs: readonly ArmFindings[], enough: boolean): Pick<Finding, 'verdict' | 'arose'> {
  if (runs.some(({ verdict }) => verdict === 'fail')) return { verdict: 'fail', arose: 'after-fault' };
  return enough ? { verdict: 'pass' } : { verdict: 'inconclusive', arose: 'after-fault' };
}

const oddOnes = (runs: readonly ArmFindings[]): Finding['evidence'] =>
  runs
    .filter(({ verdict }) => verdict !== 'pass')
    .slice(0, mostEvidence)
    .map(({ name, verdict, measured }) => ({ text: `${name}: ${verdict}: ${measured}` }));

/** What clean trials of treatments, and the requests in them, bound. Pools no two treatments: they are not the same thing. */
export function strengthInWords(all: readonly Trials[], confidence: number): string {
  const tried = all.filter(
    ({ role, runs }) => role === 'treatment' && !runs.some(({ expect }) => expect.kind === 'observed'),
  );
  const disrupted = tried.filter(({ inEach }) => inEach > 0);
  return [
    ...(disrupted.length > 0 ? [cleanTrials(disrupted, confidence)] : []),
    ...cleanRequests(
      tried.flatMap(({ runs }) => [runs]),
      confidence,
    ),
  ].join('; ');
}

/** The same of one arm by itself: a control only shows how quiet the lab was. */
export function strengthOfArm(plan: ArmPlan, arm: ArmFindings): string {
  if (arm.verdict !== 'pass') return '';
  if (arm.role === 'control') return cleanRequests([[arm]], usualConfidence).join('');
  return strengthInWords(trialsOf({ arms: [plan] }, [arm]), usualConfidence);
}

function cleanTrials(treatments: readonly Trials[], confidence: number): string {
  const nouns = [...new Set(treatments.map(({ noun }) => noun))];
  const [noun = ''] = nouns.length === 1 ? nouns : ['disruption'];
  const fewest = Math.min(...treatments.map(({ clean }) => clean));
  const [what, bound] = fewest === 1 ? [noun, 'bounds'] : [`${noun}s`, 'bound'];
  const where = treatments.length > 1 ? `in each of ${count(treatments.length)} treatments ` : '';
  return `${where}${count(fewest)} clean ${what} ${bound} the share of bad ${noun}s at ${percent(upperBound(0, fewest, confidence))} (${percent(confidence, 3)} confidence)`;
}

/** Requests only say how small a steady loss would have been seen. Nothing where none was sent, or one failed. */
function cleanRequests(together: readonly (readonly ArmFindings[])[], confidence: number): string[] {
  const sums = together.map((runs) => ({
    total: runs.reduce((sum, { requests }) => sum + requests.total, 0),
    failed: runs.reduce((sum, { requests }) => sum + requests.failed, 0),
  }));
  const fewest = Math.min(...sums.map(({ total }) => total));
  if (sums.length === 0 || fewest === 0 || sums.some(({ failed }) => failed > 0)) return [];
  return [`${count(fewest)} clean requests rule out a steady loss above ${percent(upperBound(0, fewest, confidence))}`];
}
