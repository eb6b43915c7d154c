import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { forLab } from '../model/for-lab.ts';
import type { Manifest, Manifests } from '../model/manifest.ts';
import type { Json } from '../model/units.ts';
import { fuzzSeed } from '../testing/fuzz-cases.ts';
import { factsInWords, factsOf } from './facts.ts';
import { facts as schema } from './facts-schema.ts';
import type { Guarantee, UnderTest } from './guarantee.ts';
import { guarantees } from './registry.ts';
import { defaulted } from './testing/defaulted.ts';
import { type Pair, pairs } from './testing/workloads.ts';

const inContainer = (field: string) => new RegExp(`^\\.spec\\.template\\.spec\\.(c|initC)ontainers\\.\\d+\\.${field}`);

/** The fields of the owner that each guarantee may change. */
const ownFields: { readonly [name: string]: RegExp } = {
  replicas: /^\.spec\.replicas$/,
  strategy: /^\.spec\.(strategy|updateStrategy)\.(type|rollingUpdate\.(maxSurge|maxUnavailable))$/,
  minReadySeconds: /^\.spec\.minReadySeconds$/,
  readiness: inContainer('readinessProbe'),
  liveness: inContainer('livenessProbe'),
  startup: inContainer('startupProbe'),
  preStop: inContainer('lifecycle\\.preStop'),
  stopSignal: /\.lifecycle\.stopSignal$|^\.spec\.template\.spec\.os\.name$/,
  resources: inContainer('resources\\.(requests|limits)'),
  grace: /^\.spec\.template\.spec\.terminationGracePeriodSeconds$/,
  budget: /^never$/,
  antiAffinity: /^\.spec\.template\.spec\.affinity\.podAntiAffinity\./,
  topologySpread: /^\.spec\.template\.spec\.topologySpreadConstraints\./,
  priority: /^\.spec\.template\.spec\.priorityClassName$/,
};

/** The values of all fields by their paths. Null counts as absent. */
function leaves(value: Json | undefined, path = ''): Map<string, string> {
  if (value === null) return new Map();
  if (typeof value !== 'object') return new Map([[path, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([field, each]) => [...leaves(each, `${path}.${field}`)]));
}

const isOwner = ({ kind, metadata }: Manifest, { owner }: UnderTest): boolean =>
  kind === owner.kind && metadata.name === owner.name;

const ownerOf = (objects: Manifests, under: UnderTest): Json =>
  objects.find((object) => isOwner(object, under)) as unknown as Json;

type Leaves = ReadonlyMap<string, string>;

/** The paths of the fields that differ. */
const differing = (one: Leaves, other: Leaves): string[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path));

const valuesOf = (objects: Manifests, under: UnderTest) =>
  Object.fromEntries(guarantees.map(({ name, read }) => [name, read(objects, under)]));

/** The objects besides the owner and the budgets of its pods. */
const others = (objects: Manifests, under: UnderTest): Manifests =>
  objects.filter(
    (object) =>
      !isOwner(object, under) &&
      !(object.kind === 'PodDisruptionBudget' && ['web', 'web-b', 'a-budget'].includes(object.metadata.name)),
  );

/** The terms and constraints that do not select the pods, in their order. */
function foreignTerms(value: Json | undefined): readonly Json[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each: Json) => (isMarked(each) ? [each] : foreignTerms(each)));
}
const isMarked = (value: Json): boolean => typeof value === 'object' && value !== null && 'foreign' in value;

/** Only a rolling update has a partition. */
const isOnDelete = (value: unknown): boolean => isDeepStrictEqual(value, { type: 'OnDelete' });

const variants: { readonly [name: string]: (objects: Manifests) => Manifests } = {
  'as they are written': (objects) => objects,
  'after the defaults of the API': defaulted,
};

for (const [variant, change] of Object.entries(variants)) {
  describe(`guarantees in objects ${variant}`, () => {
    const holds = (law: (guarantee: Guarantee, pair: Pair) => void) =>
      fc.assert(
        fc.property(pairs, ({ objects, other, under }) => {
          const pair = { under, objects: change(objects), other: change(other) };
          for (const guarantee of guarantees) law(guarantee, pair);
        }),
        { numRuns: 100, seed: fuzzSeed() },
      );

    it('are read as they were written', () =>
      holds(({ name, read, write }, { objects, other, under }) => {
        const value = read(other, under);
        assert.deepEqual(read(write(objects, under, value), under), value, name);
      }));

    it('leave objects that have the value already', () =>
      holds(({ name, read, write }, { objects, other, under }) => {
        assert.equal(write(objects, under, read(objects, under)), objects, name);
        const written = write(objects, under, read(other, under));
        assert.equal(write(written, under, read(other, under)), written, name);
      }));

    it('are taken away once', () =>
      holds(({ name, read, write, takenAway }, { objects, under }) => {
        const without = write(objects, under, takenAway(under));
        assert.deepEqual(read(without, under), takenAway(under), name);
        assert.equal(write(without, under, takenAway(under)), without, name);
      }));

    it('change nothing else', () =>
      holds(({ name, read, write, takenAway }, { objects, other, under }) => {
        const [values, fields] = [valuesOf(objects, under), leaves(ownerOf(objects, under))];
        for (const value of [read(other, under), takenAway(under)]) {
          const written = write(objects, under, value);
          assert.deepEqual({ ...valuesOf(written, under), [name]: null }, { ...values, [name]: null }, name);
          const paths = differing(fields, leaves(ownerOf(written, under))).filter(
            (path) => !ownFields[name]?.test(path) && !(isOnDelete(value) && path.endsWith('.rollingUpdate.partition')),
          );
          assert.deepEqual(paths, [], name);
          assert.deepEqual(foreignTerms(ownerOf(written, under)), foreignTerms(ownerOf(objects, under)), name);
          const [before, after] = [others(objects, under), others(written, under)];
          assert.equal(after.length, before.length);
          for (const [index, object] of before.entries()) assert.equal(after[index], object, name);
        }
      }));

    it('have values that JSON and their schemas keep', () =>
      holds(({ name, read, fact }, { objects, under }) => {
        const value = read(objects, under);
        assert.deepEqual(JSON.parse(JSON.stringify(value)), value, name);
        assert.deepEqual(fact.parse(value), value, name);
      }));
  });
}

describe('facts', () => {
  it('are the same before and after the defaults of the API, also in words', () =>
    fc.assert(
      fc.property(pairs, ({ objects, under }) => {
        const [before, after] = [factsOf(objects, under), factsOf(defaulted(objects), under)];
        assert.deepEqual(after, before);
        assert.deepEqual(factsInWords(after), factsInWords(before));
      }),
      { numRuns: 300, seed: fuzzSeed() },
    ));

  it('are the same whatever the lab changes in the objects', () =>
    fc.assert(
      fc.property(pairs, ({ objects, under }) => {
        const { objects: deployed, changes } = forLab(
          objects,
          { workload: { ...under, log: '/log' }, lab: { busyWorkers: 3, scheduler: 'no-spread' } },
          { namespace: 'arm', images: { 'server:1': 'loaded' }, evidencePath: 'run/arm', generatorNode: 'w1' },
        );
        assert.ok(changes.length >= 4, `${changes.length} changes`);
        assert.deepEqual(factsOf(deployed, under), factsOf(objects, under));
      }),
      { numRuns: 200, seed: fuzzSeed() },
    ));

  it('are kept by JSON and by the schema of plans', () =>
    fc.assert(
      fc.property(pairs, ({ objects, under }) => {
        const facts = factsOf(objects, under);
        assert.deepEqual(schema.parse(JSON.parse(JSON.stringify(facts))), facts);
      }),
      { numRuns: 100, seed: fuzzSeed() },
    ));
});
