import { checkInWords } from '../model/checks.ts';
import type { Role } from '../model/experiment.ts';
import { experimentIdentity } from '../model/experiment-identity.ts';
import type { ArmFindings, ExperimentFindings, Finding } from '../model/finding.ts';
import { count, counted, listed } from '../model/number-words.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { type Verdict, worst } from '../model/verdict.ts';
import { armsAsPlanned } from './arms-as-planned.ts';
import { usualConfidence } from './strength.ts';
import { repeatFindings, strengthInWords, type Trials, trialsOf } from './trials.ts';

/**
 * Combines the arms of an experiment. It passes only if every role is present, the arms can be compared, and each arm
 * did what it must. `problems` holds sentences about recordings that do not belong repeats.
 */
export function judgeExperiment(
  plan: ExperimentPlan,
  arms: readonly ArmFindings[],
  problems: readonly string[],
): ExperimentFindings {
  const trials = trialsOf(plan, arms);
  const findings = [rolesPresent(arms), armsAsPlanned(plan, problems), ...repeatFindings(trials, plan.until)];
  const verdict = worst([...findings, ...arms].map((each) => each.verdict));
  const { name, title, question } = plan;
  return {
    name,
    identity: experimentIdentity(plan),
    title,
    question,
    verdict,
    sentence: sentenceOf(plan, trials, findings, verdict),
    strength: verdict === 'pass' ? strengthInWords(trials, plan.until?.confidence ?? usualConfidence) : '',
    findings,
    arms,
  };
}

const needed: { readonly [role in Role]: string } = {
  control: 'no control shows that the lab is quiet',
  treatment: 'no treatment was tested',
  unprotected: 'no unprotected arm shows that this experiment can detect a loss',
};

function rolesPresent(arms: readonly ArmFindings[]): Finding {
  const missing = (Object.keys(needed) as Role[]).filter((role) => !arms.some((arm) => arm.role === role));
  return {
    check: 'experiment-valid',
    verdict: missing.length > 0 ? 'inconclusive' : 'pass',
    ...(missing.length > 0 && { arose: 'before-fault' as const }),
    expected: 'a control, a treatment and an unprotected arm',
    measured: missing.length > 0 ? missing.map((role) => needed[role]).join('; ') : counted(arms.length, 'arm'),
    evidence: [],
  };
}

function sentenceOf(
  plan: ExperimentPlan,
  trials: readonly Trials[],
  findings: readonly Finding[],
  verdict: Verdict,
): string {
  if (verdict === 'pass') return passInWords(plan, trials);
  const repeats = trials.find(({ runs }) => runs.some((run) => run.verdict === verdict));
  const arm = repeats?.runs.find((run) => run.verdict === verdict);
  const finding = (arm ? arm.findings : findings).find((each) => each.verdict === verdict);
  const where = arm ? `${plan.name}, ${arm.name}` : plan.name;
  if (verdict !== 'fail' || !arm || !repeats)
    return `${where}: ${finding ? `${checkInWords(finding)}: ${finding.measured}` : 'nothing was shown'}.`;
  const { runs, clean, bad, noun } = repeats;
  const often = runs.length > 1 ? ` ${count(bad)} of ${counted(clean + bad, noun)} went wrong.` : '';
  return `${where}: ${arm.says}, but ${arm.measured}.${often}`;
}

function passInWords({ title }: ExperimentPlan, trials: readonly Trials[]): string {
  const of = (role: Role) => trials.filter((each) => each.role === role);
  const treatments = of('treatment').flatMap(({ runs }) => runs);
  const sum = (what: 'total' | 'failed') => treatments.reduce((all, { requests }) => all + requests[what], 0);
  const unprotected = of('unprotected').flatMap(({ runs }) => (runs[0] ? [{ ...runs[0], runs }] : []));
  const total = sum('total');
  if (total === 0) {
    const where = unprotected.map((arm) => `${arm.measured} (${arm.says})`);
    return `${title}: as declared in ${counted(treatments.length, 'arm')}; without protection ${listed(where)}.`;
  }
  const failed = sum('failed');
  const kept =
    failed === 0
      ? `none of ${count(total)} requests failed`
      : `${count(failed)} of ${count(total)} requests failed, as bounded`;
  const lost = unprotected.map(({ runs, says }) => `${range(runs.map(({ requests }) => requests.failed))} (${says})`);
  return `${title}: ${kept}; without protection it lost ${listed(lost)}.`;
}

/** `370`, or `268 to 370` if the values differ. */
function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? count(most) : `${count(least)} to ${count(most)}`;
}
