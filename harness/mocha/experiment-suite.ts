import assert from 'node:assert/strict';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { printable } from '../model/printable.ts';
import type { RunSession } from '../run/session.ts';

/** Throws for every verdict but a pass, with the finding’s sentence. Mocha prints it as it is. */
function assertPass(verdict: string, sentence: string, folder: string): void {
  assert.equal(verdict, 'pass', `${verdict}: ${printable(sentence)}\nSee ${folder}/report.html`);
}

/**
 * The titles of the tests that an experiment becomes, known before it runs: one per arm, and one for the experiment.
 */
export const testNames = ({ arms }: ExperimentPlan) => ({
  arms: arms.map((arm) => ({ arm: arm.name, title: `${arm.name}: ${arm.says}, as declared` })),
  whole: 'the experiment passes',
});

export interface SuiteHooks {
  /** Called with the findings and the run’s folder before they are asserted. */
  readonly onFinish?: (findings: RunFindings, folder: string) => Promise<void>;
  /** Called once after the last test, even if tests failed. */
  readonly onEnd?: () => Promise<void>;
}

/**
 * Defines an experiment as a mocha suite, inside a `describe` or at the top of a file. An inconclusive result fails,
 * and nothing is retried. The first test calls `begin` once. Its session must have the arms of `plan`.
 */
export function experimentSuite(
  plan: ExperimentPlan,
  begin: () => Promise<RunSession>,
  { onFinish, onEnd }: SuiteHooks = {},
): void {
  describe(plan.title, function () {
    // Each phase has its own limit, whose error says what it waited for.
    this.timeout(0);
    this.retries(0);
    const names = testNames(plan);
    let session: Promise<RunSession> | undefined;
    let broke: unknown;

    for (const { arm, title } of names.arms) {
      it(title, async () => {
        session ??= begin();
        const run = await session;
        if (broke) throw new Error('not run: an earlier arm broke', { cause: broke });
        const planned = run.arms.find((each) => each.experiment.name === plan.name && each.arm.name === arm);
        assert.ok(planned, `the session has no arm ${arm}`);
        const findings: ArmFindings = await run.record(planned).catch((error: unknown) => {
          broke = error;
          throw error;
        });
        assertPass(findings.verdict, findings.measured, run.folder);
      });
    }

    // Runs even if tests were skipped or the suite was stopped early.
    if (onEnd) after('release the lab', onEnd);

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
