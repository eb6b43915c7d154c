import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Manifests } from '../../../model/manifest.ts';
import type { ArmPlan } from '../../../model/plan.ts';
import type { Json } from '../../../model/units.ts';
import { armSettings, syntheticArm } from '../../../testing/worlds/run-files.ts';
import { factsAsPlanned } from './facts.ts';

const { plan } = syntheticArm('treatment', armSettings.treatment);
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
};
const objects: Manifests = [...(plan.workload.objects ?? []), budget];

const doubtsAbout = (changed: Manifests | null, facts = plan.workload.facts): string[] => {
  const other: ArmPlan = { ...plan, workload: { ...plan.workload, facts, objects: changed } };
  return factsAsPlanned({ plan: other }).map(({ text }) => text);
};

/** The paths of all values in a value. */
function pathsIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...fields.flatMap(([name, own]) => pathsIn(own, [...path, name]))];
}

/** The value with another one at a path. */
function replacedAt(value: Json, [name, ...rest]: readonly string[], by: Json): Json {
  if (name === undefined) return by;
  const own = (value as { readonly [field: string]: Json })[name] ?? null;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === name ? replacedAt(own, rest, by) : item));
  return { ...(value as object), [name]: replacedAt(own, rest, by) };
}

describe('the facts of a plan', () => {
  it('are those of its objects', () => {
    assert.deepEqual(doubtsAbout(plan.workload.objects), []);
    assert.deepEqual(doubtsAbout(objects, { ...plan.workload.facts, budget: [{ minAvailable: 1 }] }), []);
  });

  it('are not compared if the plan holds no objects, or not this fact', () => {
    assert.deepEqual(doubtsAbout(null, { ...plan.workload.facts, replicas: 7 }), []);
    assert.equal(plan.workload.facts.minReadySeconds, undefined);
    const slow = replacedAt(objects as Json, ['1', 'spec', 'minReadySeconds'], 9) as unknown as Manifests;
    assert.deepEqual(doubtsAbout(slow, { ...plan.workload.facts, budget: [{ minAvailable: 1 }] }), []);
  });

  it('contradict objects that give something else', () =>
    assert.deepEqual(doubtsAbout(objects, { ...plan.workload.facts, grace: 60 }), [
      'the plan has grace 60 s, but its objects have grace 30 s',
      'the plan has no disruption budget, but its objects have disruption budget minAvailable 1',
    ]));

  it('are compared with any objects without a crash', () => {
    const values = ['spec', 'metadata', 'kind', 'apiVersion'].flatMap((field) =>
      pathsIn(objects as Json).filter(([, at]) => at === field),
    );
    const path = fc.constantFrom(...values.filter((each) => each.length > 2 || each[1] === 'spec'));
    const by = fc.oneof(
      fc.constantFrom<Json>(null, -1, 1e308, '', 'constructor', '101%', [], [null], {}, { '': null }, [[{}]]),
      fc.jsonValue() as fc.Arbitrary<Json>,
    );
    fc.assert(
      fc.property(path, by, (at, value) => {
        const changed = replacedAt(objects as Json, at, value) as unknown as Manifests;
        for (const text of doubtsAbout(changed)) assert.equal(typeof text, 'string');
      }),
      { numRuns: 300 },
    );
  });
});
