import { z } from 'zod';
import { errorCodes } from '../../harness/model/error-code.ts';

const verdict = z.enum(['pass', 'inconclusive', 'fail', 'error']);
const milliseconds = z.number().nonnegative();
const amount = z.int().nonnegative();

const evidence = z.object({
  at: z.int().describe('Microseconds since the Unix epoch; absent if the evidence has no time.').optional(),
  text: z.string(),
});

const finding = z.object({
  check: z.string().describe('The id of the check: see `holdfast list checks`.'),
  of: z.string().describe('Its subject, such as a disruption, if it is asked once per subject.').optional(),
  title: z.string().describe('The check in words.').optional(),
  verdict,
  skipped: z.literal(true).describe('The check could not be asked because of a detected limit of the host.').optional(),
  arose: z.enum(['before-fault', 'after-fault']).describe('When the doubt arose; absent on a pass.').optional(),
  expected: z.string(),
  measured: z.string(),
  evidence: z.array(evidence),
  look: z
    .string()
    .describe('Where the evidence is: a command, or a part of the run and a time in UTC; absent on a pass.')
    .optional(),
});

const margin = z.object({
  smallestMs: z.number().describe('Negative if it was missed.'),
  pod: z.string(),
  at: z.int().describe('When the margin was smallest.'),
  pods: amount.describe('How many pods had this margin.'),
});

const budgetMargin = z.object({
  smallest: z.int().describe('Healthy minus desired pods; negative: too few.'),
  healthy: z.int(),
  desired: z.int(),
  at: z.int(),
});

const percentiles = z.object({ p50Ms: z.number().optional(), p99Ms: z.number().optional() });

const addedLatency = z.object({
  gen: z.string(),
  conn: z.string(),
  baseline: percentiles.describe('How long successful answers took; absent if there were too few.'),
  fault: percentiles.describe('How much longer in the fault phase; negative: faster.'),
  tail: percentiles.describe('How much longer in the tail.'),
});

const fewest = z.object({ count: amount, at: z.int().describe('When this was first reached.') });

const together = z.object({ domain: z.string(), count: amount, at: z.int().describe('When this was first reached.') });

const what = z.enum(['endpoints', 'requests']);
const recovery = z.object({
  from: z.int().describe('The first failed request, or the first time with fewer ready endpoints.'),
  first: what.describe('What was lost first.'),
  last: what.describe('What recovered last.'),
  to: z.int().describe('Absent if that had not recovered when the arm ended.').optional(),
});

const measures = z.object({
  latency: z.array(addedLatency).describe('For each generator.'),
  fewest: z
    .object({
      ready: fewest.optional(),
      serving: fewest.describe('Ready, or terminating and still answering.').optional(),
      alive: fewest.describe('The process listens, and its node runs.').optional(),
    })
    .describe('The fewest endpoints at any time from the baseline to the end of the fault phase.'),
  together: z
    .object({ node: together.optional(), zone: together.optional(), rack: together.optional() })
    .describe('The most replicas that ran in one domain, from the fault on; absent if its labels were not recorded.'),
  recovery: recovery
    .describe(
      'The time until as many endpoints are ready as before and requests are answered. Absent if nothing was lost.',
    )
    .optional(),
});

const exposure = z.object({
  pods: amount.describe('Pods that the disruptions took or should have taken; all ready pods if they take none.'),
  exposed: amount.describe(
    'Those of them that requests of each kind had reached, and could still reach when they were taken.',
  ),
  connections: amount
    .describe('Kept-alive connections that were open to them when each was taken. Absent if none were planned.')
    .optional(),
  requests: amount.describe('Requests that were sent in the second after any of them was taken.'),
  riskyMs: amount.describe('How long these seconds are in total.'),
});

const generator = z.object({
  conn: z.string(),
  total: amount,
  failed: amount,
  dropped: amount.describe('Iterations that were due and never sent.'),
  lateP99Ms: z.number(),
  retried: amount,
});

const requests = z.object({
  total: amount.describe('Requests after warm-up.'),
  failed: amount,
  unattributed: amount.describe('Failed requests whose cause the evidence cannot determine.'),
  byCause: z.record(z.string(), amount).describe('Sums to failed.'),
  byGenerator: z.record(z.string(), generator),
});

const arm = z.object({
  name: z.string(),
  repeats: z.string().describe('The arm that this one repeats.').optional(),
  role: z.enum(['control', 'treatment', 'unprotected']),
  verdict,
  expected: z.string(),
  measured: z.string(),
  requests,
  durationMs: milliseconds,
  phasesMs: z.record(z.string(), milliseconds),
  findings: z.array(finding),
  strength: z.string().describe('What a pass of this arm alone proves; empty if it proves nothing.'),
  margins: z.object({
    close: margin.describe('Listener closed minus last routed, over terminated pods.').optional(),
    listen: margin.describe('First routed minus listening, over new pods.').optional(),
    grace: margin
      .describe('End of the grace period minus the end of the last request, over pods that were shut down.')
      .optional(),
    budget: budgetMargin
      .describe('Healthy pods above the disruption budget, from the baseline to the end of the fault phase.')
      .optional(),
  }),
  exposure: exposure
    .describe('How far the disruptions met the traffic. Absent without a disruption or without requests.')
    .optional(),
  measures: measures.describe('Also without a demand for them. Absent if nothing was recorded.').optional(),
});

const experiment = z.object({
  name: z.string(),
  title: z.string(),
  verdict,
  sentence: z.string(),
  strength: z.string().describe('What a pass proves, and at which confidence.'),
  findings: z.array(finding).describe('About the experiment as a whole.'),
  arms: z.array(arm).describe('In the order in which they ran.'),
});

const lab = z.object({
  imageSource: z.enum(['stock', 'built']),
  kubernetes: z.string(),
  kind: z.string(),
  k6: z.string(),
  containerd: z.string(),
  engine: z.string(),
  kernel: z.string(),
  cgroup: z.string(),
  cni: z.string(),
  proxyMode: z.string(),
  proxyMinSyncPeriod: z.string(),
  nodeTimings: z.string(),
  schedulerProfiles: z.array(z.string()),
  sysctls: z.record(z.string(), z.string()),
  digests: z.record(z.string(), z.string()),
});

/**
 * `report.json`, version 2: a stable format for other programs. Within a version, names are never changed or removed.
 * New names may be added, so readers must accept unknown names. In version 1, `check` was a sentence; it is an id now.
 */
export const reportSchema = z.object({
  schema: z.literal('holdfast.report/2'),
  verdict,
  exitCode: z.int(),
  sentence: z.string(),
  run: z.string(),
  startedAt: z.string(),
  durationMs: milliseconds,
  seed: z.string(),
  command: z.array(z.string()).describe('The command that repeats the run; empty if it cannot be printed safely.'),
  settings: z.record(z.string(), z.string()).describe('What --set changed.'),
  holdfast: z.object({ version: z.string(), commit: z.string(), dirty: z.boolean() }),
  host: z.object({ cores: amount, memoryBytes: amount, kernel: z.string(), node: z.string() }),
  lab: lab.describe('The conditions that the result depends on.'),
  experiments: z.array(experiment),
  error: z
    .object({ code: z.enum(Object.keys(errorCodes)), message: z.string() })
    .describe('What ended the run early. Only in what run and inject print, not in report.json.')
    .optional(),
});

export type Report = z.infer<typeof reportSchema>;

/** The text of `reports/schema/report-2.json`. */
export function reportJsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify({ title: 'holdfast report, version 2', ...schema }, null, 2)}\n`;
}
