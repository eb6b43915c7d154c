import assert from 'node:assert/strict';
import { assertGolden } from '../sample/golden.ts';
import { passingRun } from '../sample/run.ts';
import { runs, verdictOf } from '../sample/runs.ts';
import { controls, hostileRun } from '../testing/hostile.ts';
import { report, reportJson } from './report-json.ts';
import { reportJsonSchema, reportSchema } from './schema.ts';

describe('report.json', () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`keeps its promise on ${name}`, () => {
      const parsed = reportSchema.strict().parse(JSON.parse(reportJson(run())));
      assert.equal(parsed.verdict, verdictOf(name));
      assertGolden(`golden/${name}.json`, reportJson(run()));
    });
  }

  it('has causes that sum to the failures', () => {
    for (const arm of report(passingRun()).experiments.flatMap((experiment) => experiment.arms)) {
      const sum = Object.values(arm.requests.byCause).reduce((total, each) => total + each, 0);
      assert.equal(sum, arm.requests.failed, arm.name);
    }
  });

  for (const [name, run] of Object.entries(runs))
    it(`escapes every control character of ${name}, and means the same`, () => {
      const text = reportJson(hostileRun(run()));
      assert.doesNotMatch(text, controls);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(report(hostileRun(run())))));
    });

  it('names the smallest margin', () => {
    const treatment = report(passingRun()).experiments[0]?.arms.find((arm) => arm.name === 'treatment');
    assert.equal(treatment?.margins.close?.pods, 3);
    assert.ok((treatment?.margins.close?.smallestMs ?? 0) > 4_000);
  });

  it('is refused by its schema when a verdict is none', () => {
    const wrong = { ...report(passingRun()), verdict: 'perhaps' };
    assert.equal(reportSchema.safeParse(wrong).success, false);
  });

  it('holds the error that ended the run early, if there is one', () => {
    const error = { code: 'changes-left', message: 'a node is cordoned' } as const;
    const parsed = reportSchema.strict().parse(JSON.parse(reportJson(passingRun(), error)));
    assert.deepEqual(parsed.error, error);
    assert.equal('error' in JSON.parse(reportJson(passingRun())), false);
    assert.equal(reportSchema.safeParse({ ...parsed, error: { ...error, code: 'perhaps' } }).success, false);
  });

  it('has a published schema that is up to date', () => {
    assertGolden('schema/report-2.json', reportJsonSchema());
  });
});
