import type { ByContainer, Facts, PreStop } from '../../model/facts.ts';
import type { PlannedWorkload } from '../../model/plan.ts';
import type { Json } from '../../model/units.ts';

/**
 * The planned workload with its names, and with the facts that the judge reads. Commands, paths, labels and objects are
 * left out, because a user typed them.
 */
export const scrubWorkload = ({
  name,
  owner,
  container,
  service,
  options,
  facts,
}: PlannedWorkload): PlannedWorkload => ({
  name,
  owner: { kind: owner.kind, name: owner.name },
  container,
  service,
  changes: [],
  options: Object.fromEntries(
    Object.entries(options).flatMap(([option, { value }]) =>
      knownOptions.has(option) && isPlain(value) ? [[option, { value }]] : [],
    ),
  ),
  facts: scrubFacts(facts),
  objects: null,
  changedForLab: [],
});

const knownOptions: ReadonlySet<string> = new Set([
  'startDelayMs',
  'readyDelayMs',
  'requestsPerConnection',
  'drain',
  'workMs',
  'dependency',
]);

const knownWords: ReadonlySet<Json> = new Set(['graceful', 'exit', 'ignore']);

const isPlain = (value: Json): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || knownWords.has(value);

const scrubFacts = ({ replicas, strategy, readiness, preStop, grace, budget, antiAffinity }: Facts): Facts => ({
  replicas,
  strategy,
  readiness: ofEach(readiness, scrubProbe),
  preStop: ofEach(preStop, scrubHook),
  grace,
  budget: budget.map(({ name, selector, ...each }) => ({
    ...('minAvailable' in each ? { minAvailable: each.minAvailable } : { maxUnavailable: each.maxUnavailable }),
    ...(name !== undefined && { name }),
    // That it has its own selector decides which checks are possible.
    ...(selector !== undefined && { selector: {} }),
  })),
  antiAffinity: antiAffinity.map(({ strength, over }) => ({ strength, over })),
});

const ofEach = <Value>(all: ByContainer<Value>, scrub: (value: Value) => Value): ByContainer<Value> =>
  Object.fromEntries(Object.entries(all).map(([container, value]) => [container, scrub(value)]));

/** The numbers of a probe, and its kind. */
const scrubProbe = (probe: Facts['readiness'][string]): Facts['readiness'][string] =>
  Object.fromEntries(
    Object.entries(probe).flatMap(([field, value]): [string, Json][] => {
      if (typeof value === 'number') return [[field, value]];
      return probeKinds.has(field) ? [[field, {}]] : [];
    }),
  );

const probeKinds: ReadonlySet<string> = new Set(['httpGet', 'tcpSocket', 'grpc', 'exec']);

function scrubHook(hook: PreStop): PreStop {
  if ('sleepSeconds' in hook) return { sleepSeconds: hook.sleepSeconds };
  return 'exec' in hook ? { exec: [] } : { httpGet: {} };
}
