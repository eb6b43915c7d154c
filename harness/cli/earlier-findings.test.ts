import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changes } from '../../reports/words/changes.ts';
import { judgeRun } from '../judge/judge.ts';
import { type CheckWords, checks, isCheckId } from '../model/checks.ts';
import type { Finding, RunFindings } from '../model/finding.ts';
import { readFindings } from '../run/findings-file.ts';
import { earlierFindings } from './earlier-findings.ts';

/**
 * The findings as holdfast.findings/2 wrote them: checks have their former names, and a demand is named by its
 * sentence.
 */
function withNames(findings: RunFindings): object {
  const named = ({ check, of, ...rest }: Finding): Finding => {
    if (check === 'demand-met') return { ...rest, check: rest.expected };
    const { formerly }: Partial<CheckWords> = isCheckId(check) ? checks[check] : {};
    return { ...rest, check: [formerly?.[0] ?? check, ...(of === undefined ? [] : [of])].join(': ') };
  };
  const experiments = findings.experiments.map((experiment) => ({
    ...experiment,
    findings: experiment.findings.map(named),
    arms: experiment.arms.map((arm) => ({ ...arm, findings: arm.findings.map(named) })),
  }));
  return { ...findings, schema: 'holdfast.findings/2', experiments };
}

describe('earlier findings', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-earlier-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const written = (text: string) => writeFile(join(folder, 'findings.json'), text);

  it('are read as the judge wrote them, and compare as equal', async () => {
    const golden = join(import.meta.dirname, '..', 'testing', 'golden', 'rolling-update-without-pre-stop');
    const findings = await judgeRun(golden);
    await written(JSON.stringify(findings));
    const before = earlierFindings(folder);
    assert.ok(before);
    assert.deepEqual(changes(before, findings), []);
  });

  for (const name of ['drain-budget-held', 'rolling-update-without-pre-stop'])
    it(`of an older version compare as equal, and are read as current findings: ${name}`, async () => {
      const findings = await judgeRun(join(import.meta.dirname, '..', 'testing', 'golden', name));
      const older = withNames(findings);
      assert.doesNotMatch(JSON.stringify(older), /"check":"(?:loss-as-expected|demand-met)"/);
      await written(JSON.stringify(older));
      const before = earlierFindings(folder);
      assert.ok(before);
      assert.deepEqual(changes(before, findings), []);
      assert.deepEqual(readFindings(folder), JSON.parse(JSON.stringify(findings)));
    });

  for (const [what, text] of [
    ['cut off', '{"verdict":"pa'],
    ['of another shape', '{"verdict":"pass","experiments":[{"name":"x"}]}'],
    ['nothing', 'null'],
  ] as const)
    it(`are undefined if the file is ${what}`, async () => {
      await written(text);
      assert.equal(earlierFindings(folder), undefined);
    });

  it('are undefined for a run that was not judged', async () => assert.equal(earlierFindings(folder), undefined));
});
