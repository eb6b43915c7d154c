import { z } from 'zod';
import { type Cause, causeOrder } from '../model/cause.ts';
import type { BudgetState, EvictionAnswer } from '../model/event.ts';
import { topologyDomains } from '../model/experiment.ts';
import type { ArmFindings, ArmStory, FailedRequest, Finding, Measures, RunFindings } from '../model/finding.ts';
import { podSources } from '../model/request.ts';
import { expectation, runPlan } from '../recording/plan-schema.ts';
import { upgradeRequest } from '../recording/upgrade/requests.ts';

const verdict = z.enum(['pass', 'inconclusive', 'fail', 'error']);
/** A number that can be converted to a date. */
const micros = z.number().gte(Number.MIN_SAFE_INTEGER).lte(Number.MAX_SAFE_INTEGER);
const ms = z.number();
const counts = z.record(z.string(), z.number());

const evidenceLine = z.looseObject({ at: micros.exactOptional(), text: z.string() });

const finding: z.ZodType<Finding> = z.looseObject({
  check: z.string(),
  of: z.string().exactOptional(),
  verdict,
  skipped: z.literal(true).exactOptional(),
  arose: z.enum(['before-fault', 'after-fault']).exactOptional(),
  expected: z.string(),
  measured: z.string(),
  evidence: z.array(evidenceLine),
  look: z.string().exactOptional(),
});

const attempt = z.looseObject({
  gen: z.string(),
  conn: z.enum(['fresh', 'kept-alive']),
  seq: z.number(),
  id: z.string(),
  attempt: z.number(),
  due: micros.optional(),
  start: micros,
  end: micros,
  code: z.number(),
  err: z.string(),
  status: z.number(),
  connection: z.number(),
  reused: z.boolean(),
  source: z.string(),
  sport: z.number(),
  dst: z.string(),
  protocol: z.string(),
  pod: z.string(),
  podBy: z.enum(podSources),
  node: z.string(),
  version: z.string(),
});

const request = z.preprocess(upgradeRequest, attempt.extend({ earlier: z.array(attempt).exactOptional() }));

const phase = z.enum(['warmup', 'baseline', 'fault', 'tail']);

const failure: z.ZodType<FailedRequest> = z.looseObject({
  request,
  phase,
  cause: z.enum(causeOrder as [Cause, ...Cause[]]),
  pod: z.string(),
  podBy: z.enum(['header', 'conntrack', 'inferred', 'none']),
  words: z.string(),
  evidence: z.array(evidenceLine.extend({ subject: z.string().exactOptional() })),
});

const time = z.looseObject({ from: micros, to: micros });

const spans = <const State extends readonly [string, ...string[]]>(states: State) =>
  z.array(z.looseObject({ state: z.enum(states), from: micros, to: micros.exactOptional() }));

const pod = z.looseObject({
  pod: z.string(),
  node: z.string(),
  revision: z.string(),
  version: z.string(),
  bar: spans(['pending', 'starting', 'ready', 'unready', 'terminating']),
  endpoint: spans(['ready', 'serving', 'terminating', 'unready']),
  listening: spans(['listening']),
  sigterm: micros.exactOptional(),
  exit: micros.exactOptional(),
  firstRouted: micros.exactOptional(),
  lastRouted: micros.exactOptional(),
  closeMarginMs: ms.exactOptional(),
  listenMarginMs: ms.exactOptional(),
  graceMarginMs: ms.exactOptional(),
});

const node = z.looseObject({
  node: z.string(),
  spans: spans(['ready', 'not-ready', 'unknown', 'cordoned']),
  outages: spans(['powered off', 'frozen', 'cut off', 'not heard of']),
  takenBy: z.array(z.string()),
});

const disruption = z.looseObject({
  id: z.string(),
  fault: z.string(),
  faithfulTo: z.string(),
  from: micros,
  to: micros,
  landed: z.looseObject({ at: micros, saw: z.string() }).exactOptional(),
});

const eviction: z.ZodType<EvictionAnswer & { readonly at: number; readonly pod: string }> = z.looseObject({
  at: micros,
  pod: z.string(),
  disruption: z.string(),
  node: z.string(),
  code: z.number(),
  message: z.string(),
});

const budgetChange: z.ZodType<BudgetState & { readonly at: number }> = z.looseObject({
  at: micros,
  desiredHealthy: z.number(),
  currentHealthy: z.number(),
  expectedPods: z.number(),
  disruptionsAllowed: z.number(),
});

const story: z.ZodType<ArmStory> = z.looseObject({
  zero: micros,
  phases: z.looseObject({ warmup: time, baseline: time, fault: time, tail: time }),
  bucketMs: ms,
  buckets: z.array(z.looseObject({ from: micros, answered: z.number(), failed: counts })),
  silence: time.extend({ conn: z.enum(['fresh', 'kept-alive']).exactOptional() }).exactOptional(),
  worstWindow: z.looseObject({ from: micros, to: micros, share: z.number() }).exactOptional(),
  disruptions: z.array(disruption),
  pods: z.array(pod),
  nodes: z.array(node),
  apiServer: spans(['ready', 'down']),
  evictions: z.array(eviction),
  budgets: z.array(z.looseObject({ budget: z.string(), changes: z.array(budgetChange) })),
  unscheduled: z.array(z.looseObject({ at: micros, pod: z.string(), reason: z.string() })),
  placement: z.array(z.looseObject({ node: z.string(), pods: z.array(z.string()) })),
  readyEndpoints: z.array(z.looseObject({ at: micros, ready: z.number(), terminating: z.number() })),
});

const margin = z.looseObject({ smallestMs: ms, pod: z.string(), at: micros, pods: z.number() }).exactOptional();

const margins = z.looseObject({
  close: margin,
  listen: margin,
  grace: margin,
  budget: z.looseObject({ smallest: z.number(), healthy: z.number(), desired: z.number(), at: micros }).exactOptional(),
});

const percentiles = z.looseObject({ p50Ms: ms.exactOptional(), p99Ms: ms.exactOptional() });
const fewest = z.looseObject({ count: z.number(), at: micros }).exactOptional();
const together = z.looseObject({ domain: z.string(), count: z.number(), at: micros });
const lost = z.enum(['endpoints', 'requests']);

const measures: z.ZodType<Measures> = z.looseObject({
  latency: z.array(
    z.looseObject({ gen: z.string(), conn: z.string(), baseline: percentiles, fault: percentiles, tail: percentiles }),
  ),
  fewest: z.looseObject({ ready: fewest, serving: fewest, alive: fewest }),
  together: z.partialRecord(z.enum(topologyDomains), together),
  recovery: z.looseObject({ from: micros, first: lost, last: lost, to: micros.exactOptional() }).exactOptional(),
});

const arm: z.ZodType<ArmFindings> = z.looseObject({
  name: z.string(),
  repeats: z.string().exactOptional(),
  role: z.enum(['control', 'treatment', 'unprotected']),
  says: z.string(),
  verdict,
  expect: expectation,
  expected: z.string(),
  measured: z.string(),
  findings: z.array(finding),
  requests: z.looseObject({
    total: z.number(),
    failed: z.number(),
    unattributed: z.number(),
    byCause: counts,
    byGenerator: z.record(
      z.string(),
      z.looseObject({
        conn: z.string(),
        total: z.number(),
        failed: z.number(),
        dropped: z.number(),
        lateP99Ms: ms,
        retried: z.number(),
      }),
    ),
  }),
  durationMs: ms,
  phasesMs: counts,
  failures: z.array(failure),
  margins: margins.exactOptional(),
  measures: measures.exactOptional(),
  strength: z.string().exactOptional(),
  exposure: z
    .looseObject({
      pods: z.number(),
      exposed: z.number(),
      connections: z.number().exactOptional(),
      requests: z.number(),
      riskyMs: ms,
    })
    .exactOptional(),
  recorded: z
    .looseObject({
      from: micros,
      to: micros,
      podUids: z.array(z.string()),
      id: z.string().exactOptional(),
      origin: z
        .looseObject({ run: z.string(), experiment: z.string(), cluster: z.string(), profile: z.string() })
        .exactOptional(),
    })
    .exactOptional(),
  story: story.exactOptional(),
});

/** The fields of `findings.json` that reports use. */
export const runFindings: z.ZodType<RunFindings> = z.looseObject({
  schema: z.literal('holdfast.findings/3'),
  plan: runPlan,
  judgedAt: z.string(),
  verdict,
  exitCode: z.number(),
  sentence: z.string(),
  durationMs: ms,
  experiments: z.array(
    z.looseObject({
      name: z.string(),
      identity: z.string().exactOptional(),
      title: z.string(),
      question: z.string(),
      verdict,
      sentence: z.string(),
      strength: z.string(),
      findings: z.array(finding),
      arms: z.array(arm),
    }),
  ),
});

/** The fields of `summary.json`, which `runs list` prints. */
export const runSummary = z.looseObject({
  schema: z.literal('holdfast.summary/1'),
  verdict,
  sentence: z.string(),
});
