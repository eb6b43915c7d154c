import type { CheckId } from '../../harness/model/checks.ts';
import { demandKey } from '../../harness/model/demand-key.ts';
import type { Demand, Expectation, Role, WorkloadSettings } from '../../harness/model/experiment.ts';
import type {
  ArmFindings,
  FailedRequest,
  Finding,
  GeneratorCounts,
  Margins,
  PodLane,
  PodMargin,
} from '../../harness/model/finding.ts';
import { demandInWords, expectationInWords } from '../../harness/model/in-words.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../harness/model/units.ts';
import { count } from '../words/number.ts';
import { exposure } from './exposure.ts';
import { measures } from './measures.ts';
import { repeatable } from './random.ts';
import type { Scene, Start } from './scene.ts';
import { rate, story } from './story.ts';

export interface SampleArm {
  readonly name: string;
  readonly role: Role;
  readonly says: string;
  readonly workload: Partial<WorkloadSettings>;
  readonly expect: Expectation;
  readonly demands?: readonly { readonly demand: Demand; readonly measured: string }[];
  /** In words, where the requests do not say it. */
  readonly measured?: string;
  scene(start: Start, random: () => number): Scene;
}

export const phases = { warmupMs: 5_000, baselineMs: 10_000, quietMs: 15_000, tailMs: 10_000 };
const failuresKept = 1000;

export const hasTraffic = ({ expect }: SampleArm): boolean => expect.kind !== 'placement';

/** One arm as a judge would hand it over: lanes, failures, counts and findings that agree with each other. */
export function sampleArm(arm: SampleArm, start: Micros, seed: number): ArmFindings {
  const { name, role, says, expect, demands = [] } = arm;
  const baseline = start + msToMicros(phases.warmupMs);
  const zero = baseline + msToMicros(phases.baselineMs);
  const scene = arm.scene({ baseline, zero }, repeatable(seed));
  const { failed, faultEnds } = scene;
  const end = faultEnds + msToMicros(phases.tailMs);
  const traffic = hasTraffic(arm);
  const exposed = traffic ? exposure(scene) : undefined;
  const requests = counts(failed, traffic ? Math.round((microsToMs(end - baseline) / 1000) * rate) : 0);
  const verdict = holds(expect, failed.length) ? 'pass' : 'fail';
  const words = {
    expected: expectationInWords(expect),
    measured: arm.measured ?? `${count(failed.length)} of ${count(requests.total)} requests failed`,
  };
  return {
    name,
    role,
    says,
    verdict,
    expect,
    ...words,
    findings: [
      {
        check: 'loss-as-expected',
        verdict,
        ...words,
        evidence: firstEvidence(failed),
        ...(verdict === 'fail' && { look: 'failed requests' }),
      },
      ...demands.map(({ demand, measured }) =>
        ofSubject(demandKey(demand), passed('demand-met', demandInWords(demand), measured)),
      ),
      ...guards(scene, requests.total),
    ],
    requests,
    durationMs: Math.round(microsToMs(end - start)) + 21_400,
    phasesMs: {
      deploy: 9_200,
      warmup: phases.warmupMs,
      baseline: phases.baselineMs,
      fault: Math.round(microsToMs(faultEnds - zero)),
      tail: phases.tailMs,
      seal: 12_200,
    },
    failures: failed.filter((_, index) => index % Math.ceil(failed.length / failuresKept) === 0),
    margins: margins(scene),
    measures: measures(scene, baseline, traffic),
    ...(exposed && { exposure: exposed }),
    story: story({ warmup: start, baseline, zero, end }, scene, {
      traffic,
      windowMs: expect.kind === 'bounded-loss' ? expect.windowMs : undefined,
    }),
  };
}

/** The smallest of the lanes' margins, and of the budgets'. */
function margins({ pods: lanes, budgets = [] }: Scene): Margins {
  const smallest = (of: (lane: PodLane) => Ms | undefined, when: (lane: PodLane) => Micros | undefined) => {
    const all = lanes.flatMap((lane): PodMargin[] => {
      const smallestMs = of(lane);
      return smallestMs === undefined ? [] : [{ smallestMs, pod: lane.pod, at: when(lane) ?? 0, pods: 0 }];
    });
    const [closest] = all.toSorted((one, other) => one.smallestMs - other.smallestMs);
    return closest && { ...closest, pods: all.length };
  };
  const close = smallest(
    (lane) => lane.closeMarginMs,
    (lane) => lane.listening.at(-1)?.to,
  );
  const listen = smallest(
    (lane) => lane.listenMarginMs,
    (lane) => lane.firstRouted,
  );
  const [budget] = budgets
    .flatMap(({ changes }) => changes)
    .map(({ at, currentHealthy: healthy, desiredHealthy: desired }) => ({
      smallest: healthy - desired,
      healthy,
      desired,
      at,
    }))
    .toSorted((one, other) => one.smallest - other.smallest);
  return { ...(close && { close }), ...(listen && { listen }), ...(budget && { budget }) };
}

const holds = (expect: Expectation, failed: number): boolean =>
  expect.kind === 'no-loss' ? failed === 0 : expect.kind !== 'loss' || failed >= expect.atLeast;

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
    byGenerator:
      total === 0
        ? {}
        : { fresh: generator('fresh', 'fresh', fresh), kept: generator('kept', 'kept-alive', total - fresh) },
  };
}

function firstEvidence(failed: readonly FailedRequest[]): Finding['evidence'] {
  const [first] = failed;
  return first ? [{ at: first.request.start, text: first.words }] : [];
}

const ofSubject = (of: string, { check, ...rest }: Finding): Finding => ({ check, of, ...rest });

const passed = (check: CheckId, expected: string, measured: string): Finding => ({
  check,
  verdict: 'pass',
  expected,
  measured,
  evidence: [],
});

function guards({ disruptions = [] }: Scene, total: number): Finding[] {
  const fresh = Math.round((total * 100) / rate);
  return [
    passed('failures-attributed', 'at most 1 unattributed', '0 unattributed'),
    ...(disruptions.length > 0
      ? disruptions.map(({ id, fault, landed }) =>
          ofSubject(
            id,
            passed('fault-landed', `the ${fault} did what it was meant to, as observers saw it`, landed?.saw ?? ''),
          ),
        )
      : [passed('nothing-disturbed', 'no injection, and the same pods from baseline to tail', 'nothing was')]),
    ...(total > 0 ? trafficGuards(fresh, total - fresh) : []),
    passed('no-watch-gaps', 'no watch gap', '6 pods watched, no gap'),
    passed('clock-steady', 'no step beyond 5 ms', 'largest step 0.3 ms'),
    passed('arm-complete', 'every phase', 'every phase'),
  ];
}

const trafficGuards = (fresh: number, kept: number): Finding[] => [
  passed('clean-baseline', 'no failed request in the baseline', '0 of 1,600 requests failed'),
  passed(
    'load-delivered',
    'none dropped, 99 % of the rate, 99 % sent within 50 ms',
    `fresh ${count(fresh)} sent, 0 dropped, 99 % within 1.8 ms and kept ${count(kept)} sent, 0 dropped, 99 % within 0.9 ms`,
  ),
];
