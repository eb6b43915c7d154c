import assert from 'node:assert/strict';
import type { Verdict } from '../../harness/model/verdict.ts';
import { assertGolden } from '../testing/golden-text.ts';
import { controls, hostileRun } from '../testing/hostile.ts';
import { passingRun } from '../testing/rollout-runs.ts';
import { runs } from '../testing/runs.ts';
import { report, reportJson } from './report-json.ts';
import { reportJsonSchema, reportSchema } from './schema.ts';

/** A single arm proves nothing, because there is no arm to compare it with. */
const verdicts: { readonly [name: string]: Verdict } = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  error: 'error',
  drain: 'inconclusive',
  'node-loss': 'inconclusive',
  placement: 'inconclusive',
  compound: 'inconclusive',
};

describe('report.json', () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`matches its schema for ${name}`, async () => {
      const parsed = reportSchema.strict().parse(JSON.parse(reportJson(await run())));
      assert.equal(parsed.verdict, verdicts[name]);
      assertGolden(`golden/${name}.json`, reportJson(await run()));
    });
  }

  it('has causes that sum to the failures', async () => {
    for (const arm of report(await passingRun()).experiments.flatMap((experiment) => experiment.arms)) {
      const sum = Object.values(arm.requests.byCause).reduce((total, each) => total + each, 0);
      assert.equal(sum, arm.requests.failed, arm.name);
    }
  });

  for (const [name, run] of Object.entries(runs))
    it(`escapes every control character of ${name}, and keeps its meaning`, async () => {
      const text = reportJson(hostileRun(await run()));
      assert.doesNotMatch(text, controls);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(report(hostileRun(await run())))));
    });

  it('names the smallest margin', async () => {
    const treatment = report(await passingRun()).experiments[0]?.arms.find((arm) => arm.name === 'treatment');
    assert.equal(treatment?.margins.close?.pods, 3);
    assert.ok((treatment?.margins.close?.smallestMs ?? 0) > 3_900);
  });

  it('is rejected by its schema if a verdict is invalid', async () => {
    const wrong = { ...report(await passingRun()), verdict: 'perhaps' };
    assert.equal(reportSchema.safeParse(wrong).success, false);
  });

  it('holds the error that ended the run early, if there is one', async () => {
    const error = { code: 'changes-left', message: 'a node is cordoned' } as const;
    const parsed = reportSchema.strict().parse(JSON.parse(reportJson(await passingRun(), error)));
    assert.deepEqual(parsed.error, error);
    assert.equal('error' in JSON.parse(reportJson(await passingRun())), false);
    assert.equal(reportSchema.safeParse({ ...parsed, error: { ...error, code: 'perhaps' } }).success, false);
  });

  it('has a published schema that is up to date', () => {
    assertGolden('schema/report-2.json', reportJsonSchema());
  });
});
