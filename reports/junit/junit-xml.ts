import { checkInWords, checkKey } from '../../harness/model/checks.ts';
import type { ArmFindings, ExperimentFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { armFolder } from '../words/command.ts';
import { clockTime } from '../words/number.ts';
import { outcome } from '../words/outcome.ts';
import { whereToLook } from '../words/where-to-look.ts';
import { element, textElement } from './xml.ts';

interface TestCase {
  readonly name: string;
  readonly classname: string;
  readonly seconds: number;
  readonly verdict: Verdict;
  /** The host cannot do it, as was detected. */
  readonly skipped: boolean;
  readonly message: string;
  readonly text: string;
}

/**
 * `junit.xml`: one suite per experiment, one test case per arm and per check. A fail is a `<failure>`. Inconclusive and
 * error are an `<error>`, because a run that proved nothing must not look green. `<skipped>` is only what the host was
 * found unable to do. Names contain no numbers, because CI systems compare them.
 */
export function junitXml(findings: RunFindings): string {
  const suites = findings.experiments.map((experiment) => suite(findings, experiment));
  const cases = findings.experiments.flatMap((experiment) => testCases(findings, experiment));
  const root = element(
    'testsuites',
    { name: 'holdfast', ...totals(cases), time: inSeconds(findings.durationMs) },
    suites,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function suite(findings: RunFindings, experiment: ExperimentFindings): string {
  const { plan } = findings;
  const cases = testCases(findings, experiment);
  const time = experiment.arms.reduce((sum, arm) => sum + arm.durationMs, 0);
  const properties: { readonly [name: string]: string } = {
    run: plan.run,
    seed: plan.seed,
    verdict: experiment.verdict,
    'holdfast.version': plan.holdfast.version,
    'holdfast.commit': plan.holdfast.commit + (plan.holdfast.dirty ? ' (dirty)' : ''),
    'lab.kubernetes': plan.lab.kubernetes,
    'lab.imageSource': plan.lab.imageSource,
    'lab.proxyMode': plan.lab.proxyMode,
    'lab.nodeTimings': plan.lab.nodeTimings,
    'lab.kernel': plan.lab.kernel,
    ...Object.fromEntries(Object.entries(plan.lab.digests).map(([name, digest]) => [`lab.digest.${name}`, digest])),
  };
  return element(
    'testsuite',
    { name: experiment.name, ...totals(cases), time: inSeconds(time), timestamp: plan.startedAt.replace(/Z$/, '') },
    [
      element(
        'properties',
        {},
        Object.entries(properties).map(([name, value]) => element('property', { name, value })),
      ),
      ...cases.map(testCase),
    ],
  );
}

function testCases(findings: RunFindings, experiment: ExperimentFindings): TestCase[] {
  const ofArms = experiment.arms.flatMap((arm) => {
    const look = armFolder(findings.plan, experiment.name, arm.name);
    return [
      armCase(experiment, arm, look),
      ...arm.findings.map((each) =>
        checkCase(`${experiment.name}.${arm.name}`, each, whereToLook(each, findings.plan, look, arm.name)),
      ),
    ];
  });
  return [
    ...ofArms,
    ...experiment.findings.map((each) => checkCase(experiment.name, each, `runs/${findings.plan.run}/`)),
  ];
}

const armCase = (experiment: ExperimentFindings, arm: ArmFindings, look: string): TestCase => ({
  name: arm.name,
  classname: experiment.name,
  seconds: inSeconds(arm.durationMs),
  verdict: arm.verdict,
  skipped: false,
  message: `${outcome(arm).word}: expected ${arm.expected}, measured ${arm.measured}`,
  text: `expected ${arm.expected}\nmeasured ${arm.measured}\nsee ${look}`,
});

const checkCase = (classname: string, finding: Finding, look: string): TestCase => ({
  name: checkKey(finding),
  classname,
  seconds: 0,
  verdict: finding.verdict,
  skipped: finding.skipped === true,
  message: `${finding.verdict}: expected ${finding.expected}, measured ${finding.measured}`,
  text: [
    checkInWords(finding),
    `expected ${finding.expected}`,
    `measured ${finding.measured}`,
    ...finding.evidence.map((line) => (line.at === undefined ? line.text : `${clockTime(line.at)} ${line.text}`)),
    `see ${look}`,
  ].join('\n'),
});

function testCase({ name, classname, seconds, verdict, skipped, message, text }: TestCase): string {
  const attributes = { name, classname: `holdfast.${classname}`, time: seconds };
  if (verdict === 'pass') return element('testcase', attributes);
  if (skipped) return element('testcase', attributes, [element('skipped', { message }, [])]);
  const kind = verdict === 'fail' ? 'failure' : 'error';
  return element('testcase', attributes, [textElement(kind, { type: verdict, message }, text)]);
}

const totals = (cases: readonly TestCase[]) => ({
  tests: cases.length,
  failures: cases.filter(({ verdict }) => verdict === 'fail').length,
  errors: cases.filter(({ verdict, skipped }) => !skipped && (verdict === 'inconclusive' || verdict === 'error'))
    .length,
  skipped: cases.filter(({ skipped }) => skipped).length,
});

const inSeconds = (ms: number): number => Math.round(ms) / 1000;
