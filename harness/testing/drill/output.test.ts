import assert from 'node:assert/strict';
import { join } from 'node:path';
import { report } from '../../../reports/json/report-json.ts';
import { judgeRun } from '../../judge/judge.ts';
import { armsOf, doneWith, endInWords, errorCodeOf, landingsInWords, wasSkipped } from './output.ts';

const golden = join(import.meta.dirname, '..', 'golden', 'drain-budget-held');

const ended = (output: unknown, exitCode: number | undefined = 0, stderr = '') =>
  doneWith({
    exitCode,
    endedBy: exitCode === undefined ? 'SIGKILL' : undefined,
    stdout: JSON.stringify(output),
    stderr,
  });

const failure = { schema: 'holdfast.error/1', code: 'locked', exitCode: 4, message: 'lab is in use' };

const landed = { check: 'fault-landed', of: 'drain', verdict: 'pass', measured: 'one node drained' };
const skipped = { ...landed, verdict: 'inconclusive', skipped: true, measured: 'no netem' };
const reportOf = (...findings: object[]) => ({
  schema: 'holdfast.report/2',
  sentence: 'A look at a drain.',
  experiments: [{ arms: [{ name: 'drain', verdict: 'inconclusive', measured: 'no traffic', findings }] }],
});

describe('the output of a command, as drills read it', () => {
  it("includes the arms of the product's own report", async () => {
    const findings = await judgeRun(golden);
    const done = ended(report(findings));
    assert.deepEqual(
      armsOf(done).map(({ verdict }) => verdict),
      findings.experiments.flatMap(({ arms }) => arms.map(({ verdict }) => verdict)),
    );
    assert.match(landingsInWords(done), /drained: 3 pods evicted/);
    assert.equal(errorCodeOf(done), undefined);
  });

  it('includes the error code, with or without a report', () => {
    assert.equal(errorCodeOf(ended(failure, 4)), 'locked');
    const error = { code: 'disk-full', message: 'ENOSPC' };
    assert.equal(errorCodeOf(ended({ ...reportOf(landed), error }, 4)), 'disk-full');
    assert.equal(errorCodeOf(ended({ ...failure, schema: 'holdfast.error/2' }, 4)), undefined);
  });

  it('includes whether the fault was skipped, by its field and the exit code', () => {
    assert.equal(wasSkipped(ended(reportOf(skipped), 3)), true);
    assert.equal(wasSkipped(ended(reportOf(skipped), 4)), false);
    assert.equal(wasSkipped(ended(reportOf({ ...landed, measured: 'skipped: no netem' }), 3)), false);
    assert.equal(wasSkipped(ended(reportOf({ ...skipped, check: 'exposed' }), 3)), false);
  });

  it('is undefined for a killed command, whose signal and stderr are summarized instead', () => {
    const killed = doneWith({ exitCode: undefined, endedBy: 'SIGKILL', stdout: '', stderr: 'Deploy …\n' });
    assert.equal(killed.output, undefined);
    assert.deepEqual(armsOf(killed), []);
    assert.equal(endInWords(killed), 'ended by SIGKILL | Deploy …');
  });

  it('is summarized by what was observed of an injection with --context, or the reason', () => {
    const injection = { schema: 'holdfast.injection/1', fault: 'rollout', landed: true };
    assert.equal(endInWords(ended({ ...injection, saw: 'all pods replaced' })), 'exit 0 | all pods replaced');
    assert.equal(endInWords(ended({ ...injection, reason: 'no pods' }, 3)), 'exit 3 | no pods');
  });

  it('is summarized with the reasons on one line', () => {
    assert.equal(endInWords(ended(failure, 4)), 'exit 4 | lab is in use');
    const problems = ['node w1 is cordoned', 'not undone: drain'];
    assert.equal(
      endInWords(ended({ schema: 'holdfast.cluster/1', cluster: 'holdfast', clean: false, problems }, 4)),
      'exit 4 | node w1 is cordoned | not undone: drain',
    );
    assert.equal(
      endInWords(ended(reportOf(landed, skipped), 3)),
      'exit 3 | A look at a drain. | drain: inconclusive, no traffic, fault-landed: drain: no netem',
    );
  });
});
