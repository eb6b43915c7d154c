import type { Expectation, Role } from '../../harness/model/experiment.ts';
import type { ArmFindings, FailedRequest, Finding, GeneratorCounts } from '../../harness/model/finding.ts';
import { expectationInWords } from '../../harness/model/in-words.ts';
import { type Micros, microsToMs, msToMicros } from '../../harness/model/units.ts';
import { count } from '../words/number.ts';
import { failures } from './failures.ts';
import { repeatable } from './random.ts';
import { podLanes } from './rollout.ts';
import { rate, story } from './story.ts';

export interface SampleArm {
  readonly name: string;
  readonly role: Role;
  readonly says: string;
  readonly readiness: boolean;
  readonly preStopMs: number;
  readonly expect: Expectation;
}

const warmupMs = 5_000;
const baselineMs = 10_000;
const tailMs = 10_000;

/** One arm as a judge would hand it over: lanes, failures, counts and findings that agree with each other. */
export function sampleArm(arm: SampleArm, start: Micros, seed: number): ArmFindings {
  const random = repeatable(seed);
  const disrupted = arm.role !== 'control';
  const from = start + msToMicros(warmupMs);
  const zero = from + msToMicros(baselineMs);
  const lanes = podLanes({ ...arm, zero, startDelayMs: 3_000, disrupted, from }, random);
  const ended = lanes.flatMap((lane) => lane.bar.flatMap((span) => (span.to === undefined ? [] : [span.to])));
  const faultEnds = Math.max(zero + msToMicros(15_000), ...ended.map((at) => at + msToMicros(1_000)));
  const end = faultEnds + msToMicros(tailMs);
  const failed = failures(lanes, random);
  const requests = counts(failed, Math.round((microsToMs(end - from) / 1000) * rate));
  const verdict = expected(arm.expect, failed.length) ? 'pass' : 'fail';
  const says = {
    expected: expectationInWords(arm.expect),
    measured: `${count(failed.length)} of ${count(requests.total)} requests failed`,
  };
  return {
    name: arm.name,
    role: arm.role,
    says: arm.says,
    verdict,
    expect: arm.expect,
    ...says,
    findings: [
      { check: 'losses are as expected', verdict, ...says, evidence: firstEvidence(failed) },
      ...guards(disrupted, requests.total),
    ],
    requests,
    durationMs: Math.round(microsToMs(end - start)) + 21_400,
    phasesMs: {
      deploy: 9_200,
      warmup: warmupMs,
      baseline: baselineMs,
      fault: Math.round(microsToMs(faultEnds - zero)),
      tail: tailMs,
      seal: 12_200,
    },
    failures: failed,
    story: story({ zero, end, warmupMs, baselineMs, tailMs }, lanes, failed, disrupted),
  };
}

const expected = (expect: Expectation, failed: number): boolean =>
  expect.kind === 'loss' ? failed >= expect.atLeast : failed === 0;

function counts(failed: readonly FailedRequest[], total: number): ArmFindings['requests'] {
  const byCause: { [cause: string]: number } = {};
  for (const { cause } of failed) byCause[cause] = (byCause[cause] ?? 0) + 1;
  const generator = (gen: string, conn: string, share: number): GeneratorCounts => ({
    conn,
    total: share,
    failed: failed.filter(({ request }) => request.gen === gen).length,
    dropped: 0,
    lateP99Ms: 1.8,
    retried: 0,
  });
  const fresh = Math.round((total * 100) / rate);
  return {
    total,
    failed: failed.length,
    unattributed: byCause.unattributed ?? 0,
    byCause,
    byGenerator: { fresh: generator('fresh', 'fresh', fresh), kept: generator('kept', 'kept-alive', total - fresh) },
  };
}

function firstEvidence(failed: readonly FailedRequest[]): Finding['evidence'] {
  const [first] = failed;
  return first ? [{ at: first.request.start, text: first.words }] : [];
}

function guards(disrupted: boolean, total: number): Finding[] {
  const pass = (check: string, expectedWords: string, measured: string): Finding => ({
    check,
    verdict: 'pass',
    expected: expectedWords,
    measured,
    evidence: [],
  });
  const fresh = Math.round((total * 100) / rate);
  return [
    pass('every failure has a cause', 'at most 1 unattributed', '0 unattributed'),
    disrupted
      ? pass('the fault landed: rollout', 'the rollout is complete, as the watches saw it', '3 of 3 pods replaced')
      : pass('nothing was disturbed', 'no injection, and the same pods from baseline to tail', 'nothing was'),
    pass('it was well before the fault', 'no failed request in the baseline', '0 of 1,600 requests failed'),
    pass(
      'the load was delivered',
      'none dropped, 99 % of the rate, 99 % sent within 50 ms',
      `fresh ${count(fresh)} sent, 0 dropped, 99 % within 1.8 ms and kept ${count(total - fresh)} sent, 0 dropped, 99 % within 0.9 ms`,
    ),
    pass('nothing was missed', 'no watch gap', '6 pods watched, no gap'),
    pass('the clock held', 'no step beyond 5 ms', 'largest step 0.3 ms'),
    pass('the arm ran to its end', 'every phase', 'every phase'),
  ];
}
