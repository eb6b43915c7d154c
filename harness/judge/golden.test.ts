import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOrder } from '../model/cause.ts';
import type { RunFindings } from '../model/finding.ts';
import { type Essence, essenceOf } from '../testing/golden-tools/golden-summary.ts';
import { judgeRun } from './judge.ts';

/** Runs on a real cluster, without their logs; names that begin with `synthetic` are simulated. */
const golden = join(import.meta.dirname, '../testing/golden');
const names = readdirSync(golden);
const expectedOf = (name: string) => JSON.parse(readFileSync(join(golden, name, 'expected.json'), 'utf8')) as Essence;

/** The texts of findings that say nothing, or that have a hole. */
function emptyTexts({ experiments }: RunFindings): string[] {
  const arms = experiments.flatMap((experiment) => experiment.arms);
  const findings = [...experiments, ...arms].flatMap((each) => each.findings);
  const failures = arms.flatMap((arm) => arm.failures);
  const texts = [
    ...findings.flatMap(({ check, expected, measured, evidence }) =>
      [expected, measured, ...evidence.map(({ text }) => text)].map((text) => [check, text]),
    ),
    ...failures.flatMap(({ cause, words, evidence }) =>
      [words, ...evidence.flatMap(({ text, subject = 'several' }) => [text, subject])].map((text) => [cause, text]),
    ),
  ];
  return texts
    .filter(([, text]) => !text || /\b(?:undefined|NaN|null)\b|: $/.test(text))
    .map((text) => text.join(': '));
}

describe('golden recordings', () => {
  for (const name of names) {
    it(`${name} gets the recorded verdict, and every text says something`, async () => {
      const findings = await judgeRun(join(golden, name));
      assert.deepEqual(emptyTexts(findings), []);
      const now = essenceOf(findings);
      if (process.env.RENEW_GOLDEN)
        writeFileSync(join(golden, name, 'expected.json'), `${JSON.stringify(now, null, 2)}\n`);
      assert.deepEqual(now, expectedOf(name));
    });
  }

  it('contain every cause', () => {
    const arms = names.flatMap((name) => expectedOf(name).experiments).flatMap((experiment) => experiment.arms);
    const shown = new Set(arms.flatMap(({ byCause }) => Object.keys(byCause)));
    assert.deepEqual(
      causeOrder.filter((cause) => !shown.has(cause)),
      ['unattributed'],
    );
  });
});
