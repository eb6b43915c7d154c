import { z } from 'zod';
import { flawsOf } from '../model/arm-rules.ts';
import { mostRuns } from '../model/claim.ts';
import type { Experiment } from '../model/experiment.ts';
import { issuesInWords } from '../model/schema-issue.ts';
import { UsageError } from '../model/usage-error.ts';
import { change, demand, disruption, expectation, labFields, phases, traffic } from '../recording/plan-schema.ts';

/** The name is part of the names of a folder and of a Kubernetes namespace. */
const name = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, {
  error: 'must start with a letter and have at most 30 small letters, digits and dashes',
});

const isFunction = (value: unknown): boolean => typeof value === 'function';
const lab = z.strictObject(labFields).partial();

const option = z.strictObject({
  value: z.json(),
  key: z.string(),
  accepts: z.string(),
  parse: z.custom(isFunction, { error: 'must be a function of a text' }),
  words: z.custom(isFunction, { error: 'must be a function of a value' }),
});

const arm = z.strictObject({
  role: z.enum(['control', 'treatment', 'unprotected']),
  changes: z.array(change).optional(),
  lab: lab.optional(),
  disruptions: z.array(disruption),
  expect: expectation,
  demands: z.array(demand).optional(),
  extra: z.boolean().optional(),
});

const shape = z.strictObject({
  name,
  title: z.string(),
  question: z.string(),
  claims: z.array(z.string()).optional(),
  workload: z.strictObject({
    name: z.string(),
    serves: z.strictObject(
      { service: z.string() },
      { error: 'must name the Service that clients use, such as { service: "web" }' },
    ),
    options: z.record(z.string(), option),
    objects: z.custom(isFunction, { error: 'must be a function that returns the Kubernetes objects' }),
    changes: z.array(change),
    log: z.string().startsWith('/').optional(),
  }),
  lab: lab.optional(),
  traffic: traffic.nullable(),
  phases,
  arms: z.record(name, arm),
  nodeTimings: z.literal('defaults').optional(),
  onlyWhenNamed: z.boolean().optional(),
});

/**
 * The limit of Kubernetes for the name of a namespace, which is `holdfast-EXPERIMENT-ARM`, with a number for a repeated
 * arm.
 */
const longestNames = 63 - 'holdfast--'.length - `-${mostRuns}`.length;

/**
 * Checks that an experiment has all fields and no others, and that each arm can show what its role demands. Throws
 * `UsageError` with the names of the experiment and the arm.
 */
export function checkExperiment(value: unknown): asserts value is Experiment {
  const called = (value as { readonly name?: unknown } | null | undefined)?.name;
  const which = typeof called === 'string' ? `experiment ${called}` : 'the experiment';
  const checked = shape.safeParse(value);
  if (!checked.success) throw new UsageError(`${which}: ${issuesInWords(checked.error.issues)}`);
  const experiment = value as Experiment;
  const flaws = Object.entries(experiment.arms).flatMap(([arm, spec]) => [
    ...(experiment.name.length + arm.length > longestNames
      ? [`${arm}: the names of experiment and arm have more than ${longestNames} characters in total`]
      : []),
    ...flawsOf({
      ...spec,
      name: arm,
      traffic: experiment.traffic,
      phases: experiment.phases,
      demands: spec.demands ?? [],
    }),
  ]);
  if (flaws.length > 0) throw new UsageError(`${which}, arm ${flaws.join('; arm ')}`);
}
