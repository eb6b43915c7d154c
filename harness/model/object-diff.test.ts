import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertLinear } from '../sys/testing/linear.ts';
import { type Manifest, type Manifests, objectName } from './manifest.ts';
import { diffOf, type ObjectDifference } from './object-diff.ts';
import type { Json } from './units.ts';

const object = (kind: string, name: string, fields: { readonly [field: string]: Json }): Manifest =>
  ({ apiVersion: 'v1', kind, metadata: { name }, ...fields }) as Manifest;

/** The Deployment `web` with this container. */
const web = (container: { readonly [field: string]: Json }, replicas = 3): Manifest =>
  object('Deployment', 'web', {
    spec: { replicas, template: { spec: { containers: [{ name: 'server', ...container }] } } },
  });

const server = 'spec.template.spec.containers[server]';

/** The only difference between two objects with these fields. */
const only = (before: { readonly [field: string]: Json }, after: { readonly [field: string]: Json }) =>
  diffOf([object('Pod', 'p', before)], [object('Pod', 'p', after)]);

describe('the difference of two sets of objects', () => {
  it('has a field with another value, with both values', () => {
    assert.deepEqual(diffOf([web({}, 3)], [web({}, 1)]), [
      { object: 'Deployment web', field: 'spec.replicas', before: 3, after: 1 },
    ]);
  });

  it('has a part that was added or removed once, with its whole value', () => {
    const lifecycle = { preStop: { sleep: { seconds: 5 } } };
    const difference = { object: 'Deployment web', field: `${server}.lifecycle` };
    assert.deepEqual(diffOf([web({ lifecycle })], [web({})]), [{ ...difference, before: lifecycle }]);
    assert.deepEqual(diffOf([web({})], [web({ lifecycle })]), [{ ...difference, after: lifecycle }]);
  });

  it('has an object that was added or removed once', () => {
    const [before, budget] = [web({}), object('PodDisruptionBudget', 'web', { spec: { minAvailable: 2 } })];
    const difference = { object: 'PodDisruptionBudget web', field: '' };
    assert.deepEqual(diffOf([before, budget], [before]), [{ ...difference, before: budget }]);
    assert.deepEqual(diffOf([before], [budget, before]), [{ ...difference, after: budget }]);
  });

  it('names items by their name or key, and does not depend on their index', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ];
    assert.deepEqual(
      only(
        { env },
        {
          env: [
            { name: 'NEW', value: '0' },
            { name: 'A', value: '1' },
            { name: 'B', value: '3' },
          ],
        },
      ),
      [
        { object: 'Pod p', field: 'env[B].value', before: '2', after: '3' },
        { object: 'Pod p', field: 'env[NEW]', after: { name: 'NEW', value: '0' } },
      ],
    );
    assert.deepEqual(
      only({ matchExpressions: [{ key: 'x' }] }, { matchExpressions: [{ key: 'x', operator: 'Exists' }] }),
      [{ object: 'Pod p', field: 'matchExpressions[x].operator', after: 'Exists' }],
    );
  });

  it('names items by their index if a name is missing, is not unique, or changed its place', () => {
    assert.deepEqual(
      only({ ports: [{ port: 80 }, { name: 'b', port: 81 }] }, { ports: [{ port: 80 }, { name: 'b', port: 82 }] }),
      [{ object: 'Pod p', field: 'ports[1].port', before: 81, after: 82 }],
    );
    const mounts = (path: string) => ({
      mounts: [
        { name: 'data', path: '/a' },
        { name: 'data', path },
      ],
    });
    assert.deepEqual(only(mounts('/b'), mounts('/c')), [
      { object: 'Pod p', field: 'mounts[1].path', before: '/b', after: '/c' },
    ]);
    const init = (...names: readonly string[]) => ({ initContainers: names.map((name) => ({ name })) });
    assert.deepEqual(
      only(init('one', 'two'), init('two', 'one')).map(({ field }) => field),
      ['initContainers[0].name', 'initContainers[1].name'],
    );
  });

  it('has a list of plain values as one value', () => {
    assert.deepEqual(only({ args: ['--port', '1'] }, { args: ['--quiet', '--port', '1'] }), [
      { object: 'Pod p', field: 'args', before: ['--port', '1'], after: ['--quiet', '--port', '1'] },
    ]);
  });

  it('writes keys that contain dots in brackets', () => {
    assert.deepEqual(only({ labels: {} }, { labels: { 'app.kubernetes.io/name': 'web' } }), [
      { object: 'Pod p', field: 'labels[app.kubernetes.io/name]', after: 'web' },
    ]);
  });

  it('distinguishes null, an empty part and no part, and takes undefined for no part', () => {
    const values: readonly Json[] = [null, {}, [], '', 0, false];
    for (const one of values)
      for (const other of values)
        assert.equal(only({ spec: one }, { spec: other }).length, one === other ? 0 : 1, JSON.stringify([one, other]));
    for (const value of values)
      assert.deepEqual(only({}, { spec: value }), [{ object: 'Pod p', field: 'spec', after: value }]);
    const absent = { ...web({}), extra: undefined } as unknown as Manifest;
    assert.deepEqual(diffOf([absent], [web({})]), []);
  });

  it('takes keys of JavaScript’s own for keys', () => {
    const hostile = JSON.parse('{"__proto__": 1, "constructor": {"prototype": 2}, "hasOwnProperty": 3}');
    assert.deepEqual(
      only({}, hostile).map(({ field, after }) => [field, after]),
      [
        ['__proto__', 1],
        ['constructor', { prototype: 2 }],
        ['hasOwnProperty', 3],
      ],
    );
  });

  it('leaves out no object of several with one name', () => {
    const [one, two] = [web({}, 1), web({}, 2)];
    assert.deepEqual(diffOf([one, one], [one, two]), [
      { object: 'Deployment web', field: 'spec.replicas', before: 1, after: 2 },
    ]);
    assert.deepEqual(diffOf([one], [one, two]), [{ object: 'Deployment web', field: '', after: two }]);
  });

  describe('of any objects', () => {
    const anyObjects = fc.uniqueArray(manifest(), { maxLength: 4, selector: objectName });

    it('is empty if they are equal, also with their fields in another order', () => {
      fc.assert(fc.property(anyObjects, (objects) => assert.deepEqual(diffOf(objects, objects.map(reordered)), [])));
    });

    it('holds every change once and nothing else', () => {
      fc.assert(
        fc.property(anyObjects, anyObjects, (before, after) => {
          const differences = diffOf(before, after);
          const places = differences.map(({ object, field }) => `${object} ${field}`);
          assert.equal(new Set(places).size, places.length);
          for (const { before, after } of differences) {
            assert.notDeepEqual(before, after);
            assert.ok(!(isFields(before) && isFields(after)), 'a difference is not a field');
          }
          assert.deepEqual(inOrder(patched(before, differences)), inOrder(after));
        }),
        { numRuns: 500 },
      );
    });

    it('has the values in exchanged roles in the other direction', () => {
      fc.assert(
        fc.property(anyObjects, anyObjects, (before, after) => {
          const key = ({ object, field }: ObjectDifference) => `${object} ${field}`;
          const sorted = (all: readonly ObjectDifference[]) =>
            all.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
          const exchanged = diffOf(after, before).map(({ object, field, ...values }) => ({
            object,
            field,
            ...('after' in values ? { before: values.after } : {}),
            ...('before' in values ? { after: values.before } : {}),
          }));
          assert.deepEqual(sorted(exchanged as ObjectDifference[]), sorted(diffOf(before, after)));
        }),
      );
    });
  });

  it('takes time that grows with the number of objects, not with its square', () => {
    const many = (count: number, replicas: number): Manifests =>
      Array.from({ length: count }, (_, index) =>
        object('Deployment', `web-${index}`, {
          spec: { replicas, env: Array.from({ length: 100 }, (_, at) => ({ name: `E${at}`, value: `${at}` })) },
        }),
      );
    assertLinear('a', ({ length }) => {
      const count = length / 2000;
      assert.equal(diffOf(many(count, 1), many(count, 2)).length, Math.floor(count));
    });
  });
});

/** Objects of few kinds, names and fields, so that two sets have much in common. */
function manifest(): fc.Arbitrary<Manifest> {
  const scalar = fc.constantFrom<Json>(null, true, 0, 1, '', 'x', 'y');
  const name = fc.constantFrom('a', 'b', 'c.d/e');
  const { value } = fc.letrec<{ value: Json; map: Json; list: Json; named: Json }>((tie) => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('map'), tie('list'), tie('named')),
    map: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    list: fc.array(tie('value'), { maxLength: 3 }),
    named: fc.uniqueArray(
      fc.record({ name: fc.constantFrom('one', 'two', 'three'), value: tie('value') }, { noNullPrototype: true }),
      {
        maxLength: 3,
        selector: ({ name }) => name,
      },
    ),
  }));
  return fc
    .record({ kind: fc.constantFrom('Pod', 'Service'), name: fc.constantFrom('p', 'q'), spec: value })
    .map(({ kind, name, spec }) => object(kind, name, { spec }));
}

/** The same value with its keys in reverse. */
const reordered = <Value>(value: Value): Value => {
  if (Array.isArray(value)) return value.map(reordered) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, of]) => [key, reordered(of)]),
  ) as Value;
};

type Fields = { [field: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const removed = Symbol('removed');

/** The objects with these differences applied. Each must have the value that the objects have there. */
function patched(objects: Manifests, differences: readonly ObjectDifference[]): unknown[] {
  const all = new Map<string, unknown>(objects.map((each) => [objectName(each), structuredClone(each)]));
  for (const { object, field, ...values } of differences) {
    const after = 'after' in values ? values.after : removed;
    if (field !== '') patch(all.get(object), field, 'before' in values ? values.before : undefined, after);
    else if (after === removed) assert.ok(all.delete(object));
    else all.set(object, after);
  }
  return [...all.values()].map(withoutRemoved);
}

/** Finds the field by the names of the parts that are there. */
function patch(parent: unknown, field: string, before: unknown, after: unknown): void {
  const isList = Array.isArray(parent);
  assert.ok(isList || isFields(parent), `nothing at ${field}`);
  const steps = Object.entries(parent).flatMap(([key, value]): [step: string, key: string][] => {
    if (!isList)
      return [
        [key, key],
        [`.${key}`, key],
        [`[${key}]`, key],
      ];
    return [
      [`[${key}]`, key],
      ...(isFields(value) && typeof value.name === 'string' ? [[`[${value.name}]`, key] as [string, string]] : []),
    ];
  });
  const [step, key] =
    steps.find(([step]) => field === step || (field.startsWith(step) && /^[.[]/.test(field.slice(step.length)))) ?? [];
  const owner = parent as { [key: string]: unknown };
  if (step === undefined || key === undefined) {
    assert.equal(before, undefined);
    if (isList) parent.push(after);
    else owner[field.replace(/^\.|[[\]]/g, '')] = after;
  } else if (step === field) {
    assert.deepEqual(owner[key], before);
    owner[key] = after;
  } else patch(owner[key], field.slice(step.length), before, after);
}

const withoutRemoved = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((each) => each !== removed).map(withoutRemoved);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, of]) => (of === removed ? [] : [[key, withoutRemoved(of)]])),
  );
};

/** The value with lists of named items, and the objects themselves, in the order of their names. */
const inOrder = (value: unknown): unknown => {
  if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, inOrder(of)]));
  if (!Array.isArray(value)) return value;
  const items = value.map(inOrder);
  const nameOf = (item: unknown) => JSON.stringify(isFields(item) ? (item.name ?? [item.kind, item.metadata]) : null);
  return items.every(isFields) ? items.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)) : items;
};
