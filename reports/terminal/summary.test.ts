import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { RunFindings } from '../../harness/model/finding.ts';
import { outputOn, unstyled } from '../../harness/sys/terminal.ts';
import { assertGolden } from '../testing/golden-text.ts';
import { controls, hostileRun, hostileText, sayingEverywhere } from '../testing/hostile.ts';
import { brokenRun, failingRun, passingRun } from '../testing/rollout-runs.ts';
import { runs } from '../testing/runs.ts';
import { changes } from '../words/changes.ts';
import { changesText } from './changes.ts';
import { closingLine } from './closing-line.ts';
import { summary } from './summary.ts';

const plain = { color: false, width: 80, folder: 'runs/x' };

describe('the summary in a terminal', () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`matches the golden file for ${name}, within 80 columns`, async () => {
      const findings = await run();
      const text = summary(findings, { ...plain, folder: `runs/${findings.plan.run}` });
      assertGolden(`golden/${name}.txt`, text);
      const unbreakable = (line: string) =>
        line.trim().split(/\s+/).length <= 2 || /^ +(requests|judge|repeat|see) /.test(line);
      assert.deepEqual(
        text.split('\n').filter((line) => line.length > 80 && !unbreakable(line)),
        [],
      );
    });
  }

  it('has the same text with colour', async () => {
    const colored = summary(await failingRun(), { ...plain, color: true });
    assert.notEqual(colored, summary(await failingRun(), plain));
    assert.equal(unstyled(colored), summary(await failingRun(), plain));
  });

  it('shows expected, measured, evidence and location of each failed check', async () => {
    const text = summary(await failingRun(), plain);
    assert.match(text, /expected {2}no failed request\n/);
    assert.match(text, /measured {2}40 failed requests: 40 terminated, still routed to\n/);
    assert.match(text, /see {7}\.\/holdfast requests --failed 20261122T221440Z-rolling-update --arm treatment\n/);
    assert.match(text, /evidence {2}22:16:42\.357 fresh-2073 refused: pod web-7b47c89677-xzksp had\n/);
  });

  it('shows the runs of an arm as one, with their smallest margin', async () => {
    const run = await failingRun();
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
    assert.match(text, /\n {2}✘ treatment ×2 +10,138 +40 {2}1 fail of 2\n/);
    assert.match(text, /margin {4}.* closed its listener/);
    assert.doesNotMatch(text, /far-away/);
  });

  for (const [name, run] of Object.entries(runs))
    it(`escapes every control character of ${name}`, async () => {
      const text = summary(hostileRun(await run()), { ...plain, width: 110, color: true });
      const written: string[] = [];
      outputOn({ write: (shown) => written.push(String(shown)) > 0, isTTY: true, columns: 110 }).print(text);
      const shown = stripVTControlCharacters(written.join(''));
      const changed = changesText(
        [{ run: hostileText, changes: changes(await run(), hostileRun(await run())) }],
        false,
      );
      for (const each of [unstyled(text), shown, closingLine(hostileRun(await run())), changed])
        assert.doesNotMatch(each, controls);
      assert.equal(closingLine(hostileRun(await run())).split('\n').length, 1);
      assert.ok(shown.includes('\ufffd]52;c;'), shown);
    });

  it('cuts off a very long text', async () => {
    const long = '\u001b];;'.repeat(200_000);
    const text = summary(sayingEverywhere(long, await brokenRun()), plain);
    assert.ok(text.length < 200_000, `${text.length} characters`);
  });

  it('does not let evidence control the terminal', async () => {
    const run = await failingRun();
    const hostile: RunFindings = { ...run, sentence: 'lost \u001b[2J\u0007all\r\nof it' };
    assert.doesNotMatch(summary(hostile, plain).replaceAll('\n', ''), /\p{Cc}/u);
    assert.equal(closingLine(hostile).split('\n').length, 1);
  });
});

describe('the closing line', () => {
  it('has verdict, sentence, run and exit code', async () => {
    assert.match(
      closingLine(await passingRun()),
      /^pass: A rolling update loses no request: none of .* \(run 20261122T232151Z-rolling-update, exit 0\)$/,
    );
    assert.match(closingLine(await brokenRun()), /^error: .*exit 4\)$/);
  });
});
