import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changes } from '../../reports/words/changes.ts';
import { judgeRun } from '../judge/judge.ts';
import { earlierFindings } from './earlier-findings.ts';

describe('earlier findings', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-earlier-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const written = (text: string) => writeFile(join(folder, 'findings.json'), text);

  it('are what the judge wrote, and compare as equal', async () => {
    const golden = join(import.meta.dirname, '..', 'judge', 'golden', 'rolling-update-without-pre-stop');
    const findings = await judgeRun(golden);
    await written(JSON.stringify(findings));
    const before = earlierFindings(folder);
    assert.ok(before);
    assert.deepEqual(changes(before, findings), []);
  });

  for (const [what, text] of [
    ['cut off', '{"verdict":"pa'],
    ['of another shape', '{"verdict":"pass","experiments":[{"name":"x"}]}'],
    ['nothing', 'null'],
  ] as const)
    it(`are unknown where they are ${what}`, async () => {
      await written(text);
      assert.equal(earlierFindings(folder), undefined);
    });

  it('are unknown of a run that was not judged', async () => assert.equal(earlierFindings(folder), undefined));
});
