import { type Claim, cleanTrialsFor, trialNoun, trialsIn } from '../model/claim.ts';
import type { Role } from '../model/experiment.ts';
import type { ArmFindings, Finding } from '../model/finding.ts';
import { claimInWords } from '../model/in-words.ts';
import { count, counted, percent } from '../model/number-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { mostEvidence } from './checks/check.ts';
import { upperBound, usualConfidence } from './strength.ts';

/** An arm and its repeats, which are judged together. */
export interface Trials {
  readonly arm: string;
  readonly role: Role;
  /** What one trial is, such as `rollout`. */
  readonly noun: string;
  /** The number of planned runs. */
  readonly planned: number;
  /** The number of trials in each run. */
  readonly inEach: number;
  readonly runs: readonly ArmFindings[];
  readonly clean: number;
  /** A failed run does not show which of its trials was bad, so all of them count as bad. */
  readonly bad: number;
  /**
   * Sentences about runs that were recorded after a missing run or after one that did not pass. A recorder never does
   * that.
   */
  readonly outOfOrder: readonly string[];
}

/** Every arm of an experiment with its repeats, in planned order. */
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
    const outOfOrder = recordedOutOfOrder(planned, runs);
    return [{ arm, role: first.role, noun: trialNoun(first.disruptions), runs, ...counted, outOfOrder }];
  });
}

/** Runs are recorded in the order in which they were planned. */
function recordedOutOfOrder(planned: readonly ArmPlan[], runs: readonly ArmFindings[]): string[] {
  const words: string[] = [];
  let before: string | undefined;
  for (const { name } of planned) {
    const run = runs.find((each) => each.name === name);
    if (run && before !== undefined) words.push(`${name} was recorded although ${before}`);
    if (!run) before ??= `${name} was not recorded`;
    else if (run.verdict !== 'pass') before ??= `the verdict of ${name} is ${run.verdict}`;
  }
  return words;
}

/** The findings about the repeats of an arm, and about the claim for each treatment. */
export const repeatFindings = (all: readonly Trials[], claim: Claim | undefined): Finding[] =>
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
    ...verdictTogether(runs, well.length === planned),
    expected: `${counted(planned, 'run')}, all ${how}`,
    measured: `${count(well.length)} of ${counted(runs.length, 'run')} ${how}${missing > 0 ? `; ${count(missing)} did not run` : ''}`,
    evidence: notPassed(runs),
  };
}

function claimShown({ arm, noun, runs, clean, bad, outOfOrder }: Trials, claim: Claim): Finding {
  const needed = cleanTrialsFor(claim);
  const bound = upperBound(bad, clean + bad, claim.confidence);
  return {
    check: 'claim-shown',
    of: arm,
    ...verdictTogether(runs, clean >= needed && outOfOrder.length === 0),
    expected: `${claimInWords(claim, noun)}: ${count(needed)} clean trials, and no bad one`,
    measured: `${count(clean)} clean, ${count(bad)} bad: at most ${percent(bound)} are bad${outOfOrder.length > 0 ? `; ${outOfOrder[0]}` : ''}`,
    evidence: [...notPassed(runs), ...outOfOrder.map((text) => ({ text }))].slice(0, mostEvidence),
  };
}

/** One bad run decides. A run that broke or is inconclusive is only missing. */
function verdictTogether(runs: readonly ArmFindings[], enough: boolean): Pick<Finding, 'verdict' | 'arose'> {
  if (runs.some(({ verdict }) => verdict === 'fail')) return { verdict: 'fail', arose: 'after-fault' };
  return enough ? { verdict: 'pass' } : { verdict: 'inconclusive', arose: 'after-fault' };
}

const notPassed = (runs: readonly ArmFindings[]): Finding['evidence'] =>
  runs
    .filter(({ verdict }) => verdict !== 'pass')
    .slice(0, mostEvidence)
    .map(({ name, verdict, measured }) => ({ text: `${name}: ${verdict}: ${measured}` }));

/** What the clean trials of treatments, and the requests in them, prove. Different treatments are not combined. */
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

/** The strength of a single arm. A control only shows how quiet the lab was. */
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

/** Requests only limit how small a steady loss may be. Empty if no request was sent or one failed. */
function cleanRequests(together: readonly (readonly ArmFindings[])[], confidence: number): string[] {
  const sums = together.map((runs) => ({
    total: runs.reduce((sum, { requests }) => sum + requests.total, 0),
    failed: runs.reduce((sum, { requests }) => sum + requests.failed, 0),
  }));
  const fewest = Math.min(...sums.map(({ total }) => total));
  if (sums.length === 0 || fewest === 0 || sums.some(({ failed }) => failed > 0)) return [];
  return [`${count(fewest)} clean requests rule out a steady loss above ${percent(upperBound(0, fewest, confidence))}`];
}
