import assert from 'node:assert/strict';
import type { Finding, RunFindings } from '../model/finding.ts';
import type { Verdict } from '../model/verdict.ts';
import { testExitCode } from './repeatable.ts';

const doubt = (arose?: Finding['arose'], verdict: Verdict = 'inconclusive'): Finding => ({
  check: 'clean-baseline',
  verdict,
  ...(arose && { arose }),
  expected: '',
  measured: '',
  evidence: [],
});

const run = (verdict: Verdict, ...findings: Finding[]) =>
  ({ verdict, experiments: [{ findings: [], arms: [{ findings }] }] }) as unknown as RunFindings;

describe('a run that is used as a test', () => {
  for (const [what, findings, exitCode] of [
    ['passed', run('pass', doubt(undefined, 'pass')), 0],
    ['broke', run('error', doubt('before-fault', 'error')), 4],
    ['was doubtful before the fault only', run('inconclusive', doubt('before-fault'), doubt(undefined, 'pass')), 3],
    ['was doubtful after the fault', run('inconclusive', doubt('before-fault'), doubt('after-fault')), 1],
    ['was doubtful at a time unknown', run('inconclusive', doubt()), 1],
    ['failed', run('fail', doubt('before-fault')), 1],
    ['was asked nothing', run('inconclusive'), 1],
  ] as const) {
    it(`${what}: exit ${exitCode}`, () => assert.equal(testExitCode(findings), exitCode));
  }
});
