import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Cause } from '../../model/cause.ts';
import type { ArmFindings } from '../../model/finding.ts';
import { idOf } from '../../testing/worlds/extra-request.ts';
import { armSettings, type SyntheticArm, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

const causesOf = (arm: SyntheticArm) => new Map(arm.requests.map((request) => [idOf(request), request.cause]));

/** Attributed failures whose cause is not the true one. */
const wrong = (arm: SyntheticArm, findings: ArmFindings): [string, Cause, Cause | undefined][] => {
  const truth = causesOf(arm);
  return findings.failures
    .map(({ request, cause }): [string, Cause, Cause | undefined] => [request.id, cause, truth.get(request.id)])
    .filter(([, cause, real]) => cause !== real && cause !== 'unattributed');
};

describe('attribution in simulated clusters with known causes', () => {
  const unprotected = ['readiness-only', 'pre-stop-only', 'neither'] as const;
  const worlds = fc.record({
    name: fc.constantFrom(...unprotected),
    seed: fc.integer({ min: 1, max: 1e6 }),
    jitterMs: fc.integer({ min: 0, max: 50 }),
  });

  it('finds the true cause of at least 99 % of failures, even if watches are late', async () => {
    let all = 0;
    let found = 0;
    await fc.assert(
      fc.asyncProperty(worlds, async ({ name, ...options }) => {
        const arm = syntheticArm(name, armSettings[name], options);
        const findings = await withFolder(arm.files, judgeArm);
        assert.deepEqual(wrong(arm, findings), []);
        all += findings.requests.failed;
        found += findings.requests.failed - findings.requests.unattributed;
      }),
      { numRuns: 20 },
    );
    assert.ok(all > 400, `only ${all} failures`);
    assert.ok(found / all >= 0.99, `${found} of ${all}`);
  });

  it('leaves a failure unattributed if evidence is missing, and never names a wrong cause', async () => {
    const missing = fc.constantFrom(/^conntrack/, /^workload.*old-1/, /^workload.*new/, /^workload/);
    let undecided = 0;
    await fc.assert(
      fc.asyncProperty(worlds, missing, async ({ name, ...options }, lost) => {
        const arm = syntheticArm(name, armSettings[name], options);
        const files = Object.fromEntries(Object.entries(arm.files).filter(([path]) => !lost.test(path)));
        const findings = await withFolder(files, judgeArm);
        assert.deepEqual(wrong(arm, findings), []);
        // Only a pod’s own log shows when it listened.
        const silent = arm.requests.filter(({ pod }) => pod && lost.test(`workload/${pod.name}.ndjson`));
        const ids = new Set(silent.map(idOf));
        const failures = findings.failures.filter(({ request }) => ids.has(request.id));
        assert.deepEqual(
          [...new Set(failures.map(({ cause }) => cause))],
          failures.length === 0 ? [] : ['unattributed'],
        );
        assert.equal(findings.verdict, 'inconclusive');
        undecided += failures.length;
      }),
      { numRuns: 20 },
    );
    assert.ok(undecided > 100, `only ${undecided}`);
  });
});
