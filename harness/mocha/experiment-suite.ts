import assert from 'node:assert/strict';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { printable } from '../model/printable.ts';
import type { RunSession } from '../run/session.ts';

/** What a failing test throws: everything but a pass fails, and its words are the finding's. Mocha prints them as they are. */
function assertPass(verdict: string, sentence: string, folder: string): void {
  assert.equal(verdict, 'pass', `${verdict}: ${printable(sentence)}\nLook at ${folder}/report.html`);
}

/** The names of the tests that an experiment becomes, known before it runs: one an arm, one for the whole. */
export const testNames = ({ arms }: ExperimentPlan) => ({
  arms: arms.map((arm) => ({ arm: arm.name, title: `${arm.name}: ${arm.says}, as declared` })),
  whole: 'the experiment can be believed',
});

export interface SuiteHooks {
  /** Is given the findings, and the run's folder, before they are asserted. */
  readonly onFinish?: (findings: RunFindings, folder: string) => Promise<void>;
  /** Called once after the last test, whatever came of it. */
  readonly onEnd?: () => Promise<void>;
}

/**
 * An experiment as a mocha suite, inside a `describe` of the user's own or at the top of a file. Inconclusive fails and
 * nothing is retried. `begin` is called once, by the first test, and gives a session whose arms are those of `plan`.
 */
export function experimentSuite(
  plan: ExperimentPlan,
  begin: () => Promise<RunSession>,
  { onFinish, onEnd }: SuiteHooks = {},
): void {
  describe(plan.title, function () {
    // Phases have limits of their own, which say what they waited for.
    this.timeout(0);
    this.retries(0);
    const names = testNames(plan);
    let session: Promise<RunSession> | undefined;
    let broke: unknown;

    for (const { arm, title } of names.arms) {
      it(title, async () => {
        session ??= begin();
        const run = await session;
        if (broke) throw new Error('not run: an arm before it broke', { cause: broke });
        const planned = run.arms.find((each) => each.experiment.name === plan.name && each.arm.name === arm);
        assert.ok(planned, `the session has no arm ${arm}`);
        const findings: ArmFindings = await run.record(planned).catch((error: unknown) => {
          broke = error;
          throw error;
        });
        assertPass(findings.verdict, findings.measured, run.folder);
      });
    }

    // Also where tests were left out, or the suite was ended early.
    if (onEnd) after('the lab is given back', onEnd);

    it(names.whole, async () => {
      assert.ok(session, 'no arm was run');
      const run = await session;
      const findings = await run.finish();
      await onFinish?.(findings, run.folder);
      const experiment = findings.experiments.find(({ name }) => name === plan.name);
      assertPass(experiment?.verdict ?? 'error', experiment?.sentence ?? 'it was not judged', run.folder);
    });
  });
}
