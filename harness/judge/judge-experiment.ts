import type { Role } from '../model/experiment.ts';
import type { ArmFindings, ExperimentFindings, Finding } from '../model/finding.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { type Verdict, worst } from '../model/verdict.ts';
import { upperBound } from './strength.ts';
import { count, counted, listed } from './words.ts';

/** Puts an experiment's arms together: it passes only if each role is there and each arm did what it had to. */
export function judgeExperiment(plan: ExperimentPlan, arms: readonly ArmFindings[]): ExperimentFindings {
  const findings = [rolesPresent(arms)];
  const verdict = worst([...findings, ...arms].map((each) => each.verdict));
  const { name, title, question } = plan;
  return {
    name,
    title,
    question,
    verdict,
    sentence: sentenceOf(plan, arms, findings, verdict),
    strength: verdict === 'pass' ? strengthInWords(plan, arms) : '',
    findings,
    arms,
  };
}

const needed: { readonly [role in Role]: string } = {
  control: 'no control shows that the lab is quiet',
  treatment: 'no treatment was tested',
  unprotected: 'no unprotected arm shows that this experiment can see a loss',
};

function rolesPresent(arms: readonly ArmFindings[]): Finding {
  const missing = (Object.keys(needed) as Role[]).filter((role) => !arms.some((arm) => arm.role === role));
  return {
    check: 'the arms make an experiment',
    verdict: missing.length > 0 ? 'inconclusive' : 'pass',
    ...(missing.length > 0 && { arose: 'before-fault' as const }),
    expected: 'a control, a treatment and an unprotected arm',
    measured: missing.length > 0 ? missing.map((role) => needed[role]).join('; ') : counted(arms.length, 'arm'),
    evidence: [],
  };
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/**
 * What a pass bounds. Trials are injections in treatment arms: pods within one are not independent. Requests only say
 * how small a steady loss would have been seen.
 */
function strengthInWords(plan: ExperimentPlan, arms: readonly ArmFindings[]): string {
  const treatments = arms.filter(({ role }) => role === 'treatment');
  const faults = plan.arms
    .filter(({ name }) => treatments.some((arm) => arm.name === name))
    .flatMap(({ disruptions }) => disruptions.map(({ fault }) => fault.name));
  const kinds = [...new Set(faults)];
  const noun = kinds.length === 1 && kinds[0] !== undefined ? kinds[0] : 'disruption';
  const requests = treatments.reduce((sum, arm) => sum + arm.requests.total, 0);
  const failed = treatments.reduce((sum, arm) => sum + arm.requests.failed, 0);
  const [nouns, bound] = faults.length === 1 ? [noun, 'bounds'] : [`${noun}s`, 'bound'];
  return [
    `${count(faults.length)} clean ${nouns} ${bound} the share of bad ${noun}s at ${percent(upperBound(0, faults.length))} (95 % confidence)`,
    ...(requests > 0 && failed === 0
      ? [`${count(requests)} clean requests rule out a steady loss above ${percent(upperBound(0, requests))}`]
      : []),
  ].join('; ');
}

function sentenceOf(
  plan: ExperimentPlan,
  arms: readonly ArmFindings[],
  findings: readonly Finding[],
  verdict: Verdict,
): string {
  if (verdict === 'pass') return passInWords(plan, arms);
  const arm = arms.find((each) => each.verdict === verdict);
  const finding = (arm ? arm.findings : findings).find((each) => each.verdict === verdict);
  const where = arm ? `${plan.name}, ${arm.name}` : plan.name;
  if (verdict === 'fail' && arm) return `${where}: ${arm.says}, and yet ${arm.measured}.`;
  return `${where}: ${finding ? `${finding.check}: ${finding.measured}` : 'nothing was shown'}.`;
}

function passInWords({ title }: ExperimentPlan, arms: readonly ArmFindings[]): string {
  const of = (role: Role) => arms.filter((arm) => arm.role === role);
  const sum = (some: readonly ArmFindings[], what: 'total' | 'failed') =>
    some.reduce((total, arm) => total + arm.requests[what], 0);
  const treatments = of('treatment');
  const unprotected = of('unprotected');
  const total = sum(treatments, 'total');
  if (total === 0) {
    const where = unprotected.map((arm) => `${arm.measured} (${arm.says})`);
    return `${title}: as declared in ${counted(treatments.length, 'arm')}; without protection ${listed(where)}.`;
  }
  const failed = sum(treatments, 'failed');
  const kept =
    failed === 0
      ? `none of ${count(total)} requests failed`
      : `${count(failed)} of ${count(total)} requests failed, as bounded`;
  const lost = unprotected.map((arm) => `${count(arm.requests.failed)} (${arm.says})`);
  return `${title}: ${kept}; without protection it lost ${listed(lost)}.`;
}
