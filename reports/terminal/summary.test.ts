import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { RunFindings } from '../../harness/model/finding.ts';
import { outputOn, unstyled } from '../../harness/sys/terminal.ts';
import { assertGolden } from '../sample/golden.ts';
import { brokenRun, failingRun, passingRun } from '../sample/run.ts';
import { runs } from '../sample/runs.ts';
import { controls, hostileRun, hostileText, sayingEverywhere } from '../testing/hostile.ts';
import { changes } from '../words/changes.ts';
import { changesText } from './changes.ts';
import { closingLine } from './closing-line.ts';
import { summary } from './summary.ts';

const plain = { color: false, width: 80, folder: 'runs/2026-11-22T190412Z-5e1f' };

describe('the summary in a terminal', () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`tells ${name} within 80 columns`, () => {
      const text = summary(run(), plain);
      assertGolden(`golden/${name}.txt`, text);
      const unbreakable = (line: string) =>
        line.trim().split(/\s+/).length <= 2 || /^ +(requests|judge|repeat|see) /.test(line);
      assert.deepEqual(
        text.split('\n').filter((line) => line.length > 80 && !unbreakable(line)),
        [],
      );
    });
  }

  it('says the same with colour', () => {
    const colored = summary(failingRun(), { ...plain, color: true });
    assert.notEqual(colored, summary(failingRun(), plain));
    assert.equal(unstyled(colored), summary(failingRun(), plain));
  });

  it('shows expected, measured, evidence and place of what failed', () => {
    const text = summary(failingRun(), plain);
    assert.match(text, /expected {2}no failed request\n/);
    assert.match(text, /measured {2}20 of 6,000 requests failed\n/);
    assert.match(text, /see {7}\.\/holdfast requests --failed 2026-11-22T190412Z-5e1f --arm treatment\n/);
  });

  it('shows the runs of an arm as one, and the closest of them', () => {
    const run = failingRun();
    const repeated = run.experiments.map((experiment) => ({
      ...experiment,
      arms: experiment.arms.flatMap((arm) => {
        if (arm.name !== 'treatment') return [arm];
        const clean = { ...arm, verdict: 'pass' as const, requests: { ...arm.requests, failed: 0, byCause: {} } };
        const { close = assert.fail() } = arm.margins ?? {};
        const margins = { ...arm.margins, close: { ...close, smallestMs: 9000, pod: 'far-away' } };
        return [
          { ...clean, margins },
          { ...arm, name: 'treatment-2', repeats: 'treatment' },
        ];
      }),
    }));
    const text = summary({ ...run, experiments: repeated }, plain);
    assert.match(text, /\n {2}✘ treatment ×2 +12,000 +20 {2}1 fail of 2\n/);
    assert.match(text, /margin {4}.* closed its listener/);
    assert.doesNotMatch(text, /far-away/);
  });

  for (const [name, run] of Object.entries(runs))
    it(`shows every control character of ${name} as such`, () => {
      const text = summary(hostileRun(run()), { ...plain, width: 110, color: true });
      const written: string[] = [];
      outputOn({ write: (shown) => written.push(String(shown)) > 0, isTTY: true, columns: 110 }).print(text);
      const shown = stripVTControlCharacters(written.join(''));
      const changed = changesText([{ run: hostileText, changes: changes(run(), hostileRun(run())) }], false);
      for (const each of [unstyled(text), shown, closingLine(hostileRun(run())), changed])
        assert.doesNotMatch(each, controls);
      assert.equal(closingLine(hostileRun(run())).split('\n').length, 1);
      assert.ok(shown.includes('\ufffd]52;c;'), shown);
    });

  it('cuts a very long text', () => {
    const long = '\u001b];;'.repeat(200_000);
    const text = summary(sayingEverywhere(long, brokenRun()), plain);
    assert.ok(text.length < 200_000, `${text.length} characters`);
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
