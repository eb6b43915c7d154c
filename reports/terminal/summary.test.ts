import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { RunFindings } from '../../harness/model/finding.ts';
import { assertGolden } from '../sample/golden.ts';
import { brokenRun, failingRun, passingRun } from '../sample/run.ts';
import { runs } from '../sample/runs.ts';
import { closingLine } from './closing-line.ts';
import { summary } from './summary.ts';

const plain = { color: false, width: 80, folder: 'runs/2026-11-22T190412Z-5e1f' };

describe('the summary in a terminal', () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`tells ${name} within 80 columns`, () => {
      const text = summary(run(), plain);
      assertGolden(`golden/${name}.txt`, text);
      const unbreakable = (line: string) =>
        line.trim().split(/\s+/).length <= 2 || /^ {2}(requests|judge|again) /.test(line);
      assert.deepEqual(
        text.split('\n').filter((line) => line.length > 80 && !unbreakable(line)),
        [],
      );
    });
  }

  it('says the same with colour', () => {
    const colored = summary(failingRun(), { ...plain, color: true });
    assert.notEqual(colored, summary(failingRun(), plain));
    assert.equal(stripVTControlCharacters(colored), summary(failingRun(), plain));
  });

  it('shows expected, measured, evidence and place of what failed', () => {
    const text = summary(failingRun(), plain);
    assert.match(text, /expected {2}no failed request\n/);
    assert.match(text, /measured {2}20 of 6,000 requests failed\n/);
    assert.match(text, /look at {3}runs\/2026-11-22T190412Z-5e1f\/rolling-update\/treatment\//);
  });

  it('lets no evidence write to the terminal', () => {
    const run = failingRun();
    const hostile: RunFindings = { ...run, sentence: 'lost \u001b[2J\u0007all\r\nof it' };
    assert.doesNotMatch(summary(hostile, plain).replaceAll('\n', ''), /\p{Cc}/u);
    assert.equal(closingLine(hostile).split('\n').length, 1);
  });
});

describe('the closing line', () => {
  it('has verdict, sentence, run and exit code', () => {
    assert.match(
      closingLine(passingRun()),
      /^pass: A rolling update loses no request: none of .* \(run 2026-11-22T190412Z-5e1f, exit 0\)$/,
    );
    assert.match(closingLine(brokenRun()), /^error: .*exit 4\)$/);
  });
});
