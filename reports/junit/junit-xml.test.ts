import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding, RunFindings } from '../../harness/model/finding.ts';
import { assertLinear } from '../../harness/sys/testing/linear.ts';
import { assertGolden } from '../testing/golden-text.ts';
import { controls, hostileRun } from '../testing/hostile.ts';
import { withArm } from '../testing/recorded.ts';
import { brokenRun, failingRun, inconclusiveRun, passingRun } from '../testing/rollout-runs.ts';
import { runs } from '../testing/runs.ts';
import { junitXml } from './junit-xml.ts';

let failed: RunFindings;

describe('junit.xml', () => {
  before(async () => {
    failed = await failingRun();
  });

  for (const [name, run] of Object.entries(runs)) {
    it(`matches the golden file for ${name}`, async () => {
      const xml = junitXml(await run());
      assertWellFormed(xml);
      assertGolden(`golden/${name}.junit.xml`, xml);
    });
  }

  it('reports a fail as a failure, and an inconclusive or broken arm as an error', async () => {
    assert.match(junitXml(await failingRun()), /<failure type="fail"/);
    assert.match(junitXml(await inconclusiveRun()), /<error type="inconclusive"/);
    assert.match(junitXml(await brokenRun()), /<error type="error"/);
    assert.doesNotMatch(junitXml(await passingRun()), /<failure|<error|<skipped/);
  });

  it('reports a check that was skipped as skipped, and not as an error', async () => {
    const run = withArm(await inconclusiveRun(), 'treatment', (arm) => [
      { ...arm, findings: arm.findings.map((each) => (each.verdict === 'pass' ? each : { ...each, skipped: true })) },
    ]);
    const xml = junitXml(run);
    assertWellFormed(xml);
    assert.match(xml, /<testcase name="load-delivered" [^>]*>\s*<skipped /);
    assert.match(xml, /<testsuites [^>]* skipped="1"/);
    assert.doesNotMatch(xml, /<testcase name="load-delivered" [^>]*>\s*<error/);
  });

  it('reports a check that the host does not support only as skipped', async () => {
    const counts = (xml: string) =>
      [...xml.matchAll(/<testsuites? name="[^"]*" (tests="\d+" failures="\d+" errors="\d+" skipped="\d+")/g)].map(
        ([, counted]) => counted,
      );
    const tests = [...junitXml(await passingRun()).matchAll(/<testcase /g)].length + 1;
    const skipped = junitXml(withCheck(await passingRun(), { skipped: true }));
    assertWellFormed(skipped);
    assert.match(
      skipped,
      /<testcase name="[^"]*"[^>]*>\s*<skipped message="inconclusive: expected netem, measured none"\/>\s*<\/testcase>/,
    );
    assert.doesNotMatch(skipped, /<failure|<error/);
    assert.deepEqual(counts(skipped), Array(2).fill(`tests="${tests}" failures="0" errors="0" skipped="1"`));
    const open = junitXml(withCheck(await passingRun(), {}));
    assert.match(open, /<error type="inconclusive" message="inconclusive: expected netem, measured none"/);
    assert.doesNotMatch(open, /<failure|<skipped/);
    assert.deepEqual(counts(open), Array(2).fill(`tests="${tests}" failures="0" errors="1" skipped="0"`));
  });

  it('names its test cases without numbers, and the same in every run', async () => {
    const names = (run: RunFindings) =>
      [...junitXml(run).matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map((each) =>
        each.slice(1).join(' '),
      );
    const passing = names(await passingRun());
    assert.deepEqual(names(await inconclusiveRun()), passing);
    const ofFewerArms = passing.filter(
      (name) => !/rolling-update\.(?:readiness|pre-stop)-only$|^(?:readiness|pre-stop)-only /.test(name),
    );
    assert.deepEqual(names(await failingRun()).sort(), ofFewerArms.sort());
    assert.deepEqual(
      names(await passingRun()).filter((name) => /\d/.test(name)),
      [],
    );
  });

  it('is well-formed for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assertWellFormed(junitXml(saying(text)))),
      { numRuns: 100 },
    );
  });

  for (const [name, run] of Object.entries(runs))
    it(`escapes every control character of ${name}`, async () => {
      const xml = junitXml(hostileRun(await run()));
      assertWellFormed(xml);
      assert.doesNotMatch(xml, controls);
      assert.ok(xml.includes('\ufffd]52;c;'));
      assert.equal([...xml.matchAll(/<testcase /g)].length, [...junitXml(await run()).matchAll(/<testcase /g)].length);
    });

  it("takes time that grows with a text's length, not with the square of its length", () =>
    assertLinear('\u001b];;<', (seed) => junitXml({ ...failed, plan: { ...failed.plan, seed } })));

  it('is rejected by this test if it is not well-formed', () => {
    assert.throws(() => assertWellFormed('<a b="<"/>'));
    assert.throws(() => assertWellFormed('<a>\u0001</a>'));
    assert.throws(() => assertWellFormed('<a><b></a></b>'));
    assert.throws(() => assertWellFormed('<a>&nbsp;</a>'));
  });
});

/** The run with one more check of its first arm, which is inconclusive. */
function withCheck(run: RunFindings, own: Pick<Finding, 'skipped'>): RunFindings {
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

/**
 * Parses the subset of XML that we write: elements, attributes, text, character references and the five named
 * references.
 */
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
