import { unrecorded } from '../../harness/judge/judge-arm.ts';
import type { ArmFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import type { ArmPlan } from '../../harness/model/plan.ts';
import { worst } from '../../harness/model/verdict.ts';
import { recorded, withArms } from './recorded.ts';

/** Five arms of a rolling update. Every arm has the expected result. */
export const passingRun = (): Promise<RunFindings> => recorded('rolling-update-pass');

/** The preStop sleep of the treatment is 0, so it loses requests that it must not lose. */
export const failingRun = (): Promise<RunFindings> => recorded('rolling-update-without-pre-stop');

/** The generators did not deliver the load of one arm, so nothing is proved. */
export const inconclusiveRun = async (): Promise<RunFindings> =>
  edited(await passingRun(), 'treatment', (arm) => {
    const findings = arm.findings.map((finding) => (finding.check === 'load-delivered' ? dropped(finding) : finding));
    return { ...arm, findings, verdict: worst(findings.map(({ verdict }) => verdict)) };
  });

/** One arm left no recording. */
export const brokenRun = async (): Promise<RunFindings> =>
  edited(await passingRun(), 'readiness-only', (_, plan) => unrecorded(plan, 'it left no recording'));

function dropped(finding: Finding): Finding {
  const measured = 'fresh: 37 dropped';
  return {
    ...finding,
    verdict: 'inconclusive',
    arose: 'after-fault',
    measured,
    evidence: [{ text: measured }],
    look: 'requests',
  };
}

/** The run with other findings for one arm, and with the verdicts that follow from them. */
function edited(run: RunFindings, name: string, make: (arm: ArmFindings, plan: ArmPlan) => ArmFindings): RunFindings {
  const [plan] = run.plan.experiments;
  const ofArm = plan?.arms.find((each) => each.name === name);
  if (!plan || !ofArm) throw new Error(`the run has no arm ${name}`);
  const arms = run.experiments[0]?.arms ?? [];
  return withArms(
    run,
    plan,
    arms.map((arm) => (arm.name === name ? make(arm, ofArm) : arm)),
  );
}
