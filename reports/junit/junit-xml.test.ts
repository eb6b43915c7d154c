import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding, RunFindings } from '../../harness/model/finding.ts';
import { assertLinear } from '../../harness/sys/linear.fake.ts';
import { assertGolden } from '../sample/golden.ts';
import { controls, hostileRun } from '../sample/hostile.fake.ts';
import { brokenRun, failingRun, inconclusiveRun, passingRun } from '../sample/run.ts';
import { runs } from '../sample/runs.ts';
import { junitXml } from './junit-xml.ts';

describe('junit.xml', () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`tells ${name}`, () => {
      const xml = junitXml(run());
      assertWellFormed(xml);
      assertGolden(`golden/${name}.junit.xml`, xml);
    });
  }

  it('calls a fail a failure, and what proved nothing an error', () => {
    assert.match(junitXml(failingRun()), /<failure type="fail"/);
    assert.match(junitXml(inconclusiveRun()), /<error type="inconclusive"/);
    assert.match(junitXml(brokenRun()), /<error type="error"/);
    assert.doesNotMatch(junitXml(passingRun()), /<failure|<error|<skipped/);
  });

  it('leaves out what the host cannot do, and counts it as such alone', () => {
    const counts = (xml: string) =>
      [...xml.matchAll(/<testsuites? name="[^"]*" (tests="\d+" failures="\d+" errors="\d+" skipped="\d+")/g)].map(
        ([, counted]) => counted,
      );
    const tests = [...junitXml(passingRun()).matchAll(/<testcase /g)].length + 1;
    const skipped = junitXml(withCheck({ skipped: true }));
    assertWellFormed(skipped);
    assert.match(
      skipped,
      /<testcase name="[^"]*"[^>]*>\s*<skipped message="inconclusive: expected netem, measured none"\/>\s*<\/testcase>/,
    );
    assert.doesNotMatch(skipped, /<failure|<error/);
    assert.deepEqual(counts(skipped), Array(2).fill(`tests="${tests}" failures="0" errors="0" skipped="1"`));
    const open = junitXml(withCheck({}));
    assert.match(open, /<error type="inconclusive" message="inconclusive: expected netem, measured none"/);
    assert.doesNotMatch(open, /<failure|<skipped/);
    assert.deepEqual(counts(open), Array(2).fill(`tests="${tests}" failures="0" errors="1" skipped="0"`));
  });

  it('names its cases alike in every run, without figures', () => {
    const names = (run: RunFindings) =>
      [...junitXml(run).matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map((each) =>
        each.slice(1).join(' '),
      );
    assert.deepEqual(names(failingRun()), names(passingRun()));
    assert.deepEqual(
      names(passingRun()).filter((name) => /\d/.test(name)),
      [],
    );
  });

  it('stays well-formed whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assertWellFormed(junitXml(saying(text)))),
      { numRuns: 100 },
    );
  });

  for (const [name, run] of Object.entries(runs))
    it(`shows every control character of ${name} as such`, () => {
      const xml = junitXml(hostileRun(run()));
      assertWellFormed(xml);
      assert.doesNotMatch(xml, controls);
      assert.ok(xml.includes('\ufffd]52;c;'));
      assert.equal([...xml.matchAll(/<testcase /g)].length, [...junitXml(run()).matchAll(/<testcase /g)].length);
    });

  it('takes time that grows with a text, not with its square', () =>
    assertLinear('\u001b];;<', (seed) => junitXml({ ...failed, plan: { ...failed.plan, seed } })));

  it('is told to be broken when it is', () => {
    assert.throws(() => assertWellFormed('<a b="<"/>'));
    assert.throws(() => assertWellFormed('<a>\u0001</a>'));
    assert.throws(() => assertWellFormed('<a><b></a></b>'));
    assert.throws(() => assertWellFormed('<a>&nbsp;</a>'));
  });
});

const failed = failingRun();

/** A run that passed, with one more check of its first arm, which is inconclusive. */
function withCheck(own: Pick<Finding, 'skipped'>): RunFindings {
  const run = passingRun();
  const check = 'fault-landed';
  const more: Finding = { check, verdict: 'inconclusive', expected: 'netem', measured: 'none', evidence: [], ...own };
  return {
    ...run,
    experiments: run.experiments.map((experiment) => ({
      ...experiment,
      arms: experiment.arms.map((arm, index) => (index > 0 ? arm : { ...arm, findings: [...arm.findings, more] })),
    })),
  };
}

function saying(text: string): RunFindings {
  const finding = {
    check: text,
    verdict: 'fail',
    expected: text,
    measured: text,
    evidence: [{ at: 1, text }],
  } as const;
  return {
    ...failed,
    plan: { ...failed.plan, seed: text, holdfast: { ...failed.plan.holdfast, commit: text } },
    experiments: failed.experiments.map((experiment) => ({
      ...experiment,
      name: text,
      findings: [finding],
      arms: experiment.arms
        .slice(0, 1)
        .map((arm) => ({ ...arm, name: text, measured: text, verdict: 'fail', findings: [finding] })),
    })),
  };
}

/** A reader of the XML subset that is written here: elements, attributes, text, character and the five named references. */
function assertWellFormed(xml: string): void {
  assert.ok(xml.isWellFormed(), 'lone surrogate');
  for (const character of xml) {
    const code = character.codePointAt(0) ?? 0;
    assert.ok(code >= 0x20 || character === '\n', `control character ${code}`);
    assert.notEqual(code & 0xfffe, 0xfffe, `no character ${code}`);
  }
  const open: string[] = [];
  const text = '(?:[^<&]|&(?:amp|lt|gt|quot|apos|#\\d+);)*';
  const token = new RegExp(
    `^(?:<(/?)([\\w]+)((?: [\\w.]+="${text.replace('[^<&]', '[^<&"]')}")*)(/?)>|<\\?xml[^>]*\\?>|${text.replace(/\*$/, '+')})`,
    'u',
  );
  for (let rest = xml; rest.length > 0; ) {
    const match = token.exec(rest);
    assert.ok(match, `not XML: ${rest.slice(0, 60)}`);
    const [whole, closing, name, , empty] = match;
    if (name && closing) assert.equal(open.pop(), name);
    else if (name && !empty) open.push(name);
    rest = rest.slice(whole.length);
  }
  assert.deepEqual(open, []);
}
