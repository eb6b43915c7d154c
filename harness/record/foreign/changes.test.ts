import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { strategicMerge } from '../../sys/strategic-merge.ts';
import { change } from './change.ts';
import { changesBetween, fieldInWords } from './changes.ts';
import { backward, forward, operationsFor, splitMoves } from './moves.ts';

const deployment = {
  metadata: { name: 'web', labels: { team: 'shop' } },
  spec: {
    replicas: 3,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels: { app: 'web', version: '1' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'web:1',
            args: ['serve'],
            env: [
              { name: 'COLOUR', value: 'red' },
              { name: 'SIZE', value: '9' },
              { name: 'URL', value: '$(COLOUR)' },
            ],
          },
          { name: 'log', image: 'log:1' },
        ],
      },
    },
  },
};
const template = (spec: object, labels: object = {}) => ({ spec: { template: { metadata: { labels }, spec } } });
const merged = (object: object, patch: object) => strategicMerge(object, patch) as typeof deployment;

/** The object after a JSON Patch. Throws if one operation fails, like the API server. */
function applied<T extends object>(object: T, operations: readonly Operation[]): T {
  const copy = structuredClone(object);
  for (const failed of applyPatch(copy, structuredClone([...operations]))) if (failed) throw failed;
  return copy;
}

/** The changes after they were read from a journal. */
const changesOf = (before: object, after: object) =>
  change.array().parse(JSON.parse(JSON.stringify(changesBetween(before, after))));

const takenBack = <T extends object>(object: T, changes: ReturnType<typeof changesOf>) => {
  const { open, left } = splitMoves(object, changes.map(backward));
  return { restored: applied(object, operationsFor(object, open)), left: left.map(fieldInWords) };
};

/** API servers omit empty maps and lists. */
const withoutEmpty = (object: object) =>
  JSON.parse(JSON.stringify(object), (_, value) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value,
  );

describe('a patch is applied and undone', () => {
  const replaced = structuredClone(deployment);
  const [web] = replaced.spec.template.spec.containers;
  if (web)
    web.env = [
      { name: 'NEW', value: '1' },
      { name: 'URL', value: 'x' },
    ];
  const patches: { readonly [what: string]: object } = {
    'a number': { spec: { replicas: 5 } },
    'a label of the template': template({}, { version: '2' }),
    'a label that was not there': template({}, { 'example.com/canary~': 'yes' }),
    'a map that was not there': { spec: { template: { metadata: { annotations: { 'holdfast.dev/rollout': 'it' } } } } },
    'another strategy': { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } },
    'a variable and an image': template({
      containers: [{ name: 'web', image: 'web:2', env: [{ name: 'COLOUR', value: 'blue' }] }],
    }),
    'a variable that was not there': template({ containers: [{ name: 'web', env: [{ name: 'DEBUG', value: '1' }] }] }),
    'a list of variables that was not there': template({
      containers: [{ name: 'log', env: [{ name: 'A', value: '1' }] }],
    }),
    'a list of words': template({ containers: [{ name: 'web', args: ['serve', '--fast'] }] }),
    'a hook that was not there': template({
      containers: [{ name: 'web', lifecycle: { preStop: { sleep: { seconds: 5 } } } }],
    }),
  };
  const cases: { readonly [what: string]: object } = {
    ...Object.fromEntries(Object.entries(patches).map(([what, patch]) => [what, merged(deployment, patch)])),
    'variables that went, in the places that they had': replaced,
  };
  for (const [what, wanted] of Object.entries(cases)) {
    it(`that changed ${what}`, () => {
      const changes = changesOf(deployment, wanted);
      const patched = applied(deployment, operationsFor(deployment, changes.map(forward)));
      assert.notDeepEqual(patched, deployment);
      assert.deepEqual(withoutEmpty(patched), withoutEmpty(wanted));
      const { restored, left } = takenBack(patched, changes);
      assert.deepEqual(withoutEmpty(restored), deployment);
      assert.deepEqual(left, []);
    });
  }

  it('for random changes', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const labels = fc.dictionary(name, fc.constantFrom('1', '2'), { noNullPrototype: true });
    const env = fc.uniqueArray(fc.record({ name, value: fc.constantFrom('1', '2') }, { noNullPrototype: true }), {
      selector: (item) => item.name,
    });
    const image = fc.constantFrom('x', 'y');
    const state = fc.record({ replicas: fc.nat(3), labels, image, env }, { noNullPrototype: true });
    const objectOf = ({ replicas, labels, image, env }: ReturnType<typeof state.generate>['value']) => ({
      spec: { replicas, template: { metadata: { labels }, spec: { containers: [{ name: 'web', image, env }] } } },
    });
    fc.assert(
      fc.property(state, state, (one, other) => {
        // The order of the remaining variables does not change.
        const order: readonly string[] = one.env.map((item) => item.name);
        const place = (item: { name: string }) => order.indexOf(item.name);
        const stay = other.env.filter((item) => place(item) >= 0).sort((a, b) => place(a) - place(b));
        const env = [...stay, ...other.env.filter((item) => place(item) < 0)];
        const before = objectOf(one);
        const changes = changesOf(before, objectOf({ ...other, env }));
        const patched = applied(before, operationsFor(before, changes.map(forward)));
        assert.deepEqual(withoutEmpty(takenBack(patched, changes).restored), withoutEmpty(before));
      }),
    );
  });

  it('also if it is undone twice', () => {
    const changes = changesOf(deployment, merged(deployment, { spec: { replicas: 5 } }));
    assert.deepEqual(takenBack(deployment, changes), { restored: deployment, left: [] });
  });

  it('except for fields that someone else changed since', () => {
    const changes = changesOf(
      deployment,
      merged(deployment, { spec: { replicas: 5, ...template({}, { version: '2' }).spec } }),
    );
    const released = merged(deployment, { spec: { replicas: 5, ...template({}, { version: '7' }).spec } });
    assert.deepEqual(takenBack(released, changes), {
      restored: merged(released, { spec: { replicas: 3 } }),
      left: ['spec.template.metadata.labels.version'],
    });
  });

  it('also if list items moved since, because they are found by name', () => {
    const patch = template({ containers: [{ name: 'web', env: [{ name: 'SIZE', value: '1' }] }] });
    const changes = changesOf(deployment, merged(deployment, patch));
    const moved = merged(deployment, patch);
    moved.spec.template.spec.containers.reverse();
    moved.spec.template.spec.containers[1]?.env?.unshift({ name: 'THEIRS', value: '1' });
    const { restored, left } = takenBack(moved, changes);
    assert.deepEqual(left, []);
    assert.deepEqual(restored.spec.template.spec.containers[1]?.env?.slice(0, 3), [
      { name: 'THEIRS', value: '1' },
      { name: 'COLOUR', value: 'red' },
      { name: 'SIZE', value: '9' },
    ]);
  });

  it('without adding a container that someone removed', () => {
    const changes = changesOf(
      deployment,
      merged(deployment, template({ containers: [{ name: 'log', image: 'log:2' }] })),
    );
    const without = structuredClone(deployment);
    without.spec.template.spec.containers.pop();
    const { restored, left } = takenBack(without, changes);
    assert.deepEqual(restored, without);
    assert.deepEqual(left, ['spec.template.spec.containers.log.image']);
  });

  it('also from a journal of an older holdfast', () => {
    const path = ['spec', 'template', 'spec', 'containers', { name: 'web' }, 'env', { name: 'SIZE' }, 'value'];
    const changes = change.array().parse([
      { path, before: '9', after: '1' },
      { path: ['spec', 'template', 'metadata', 'labels', 'version'], before: '1', after: '2' },
      { path: ['spec', 'strategy', 'type'], before: 'RollingUpdate', after: 'Recreate' },
      { path: ['spec', 'strategy', 'rollingUpdate'], before: { maxSurge: 1, maxUnavailable: 0 }, after: null },
    ]);
    const size = template({ containers: [{ name: 'web', env: [{ name: 'SIZE', value: '1' }] }] }, { version: '2' });
    const patched = merged(merged(deployment, size), { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } });
    assert.deepEqual(takenBack(patched, changes), { restored: deployment, left: [] });
  });
});

describe('a JSON Patch', () => {
  const patch = {
    spec: {
      replicas: 5,
      template: {
        metadata: { labels: { canary: 'yes' } },
        spec: { containers: [{ name: 'web', image: 'web:2', env: [{ name: 'DEBUG', value: '1' }] }] },
      },
    },
  };
  const changes = changesBetween(deployment, merged(deployment, patch));
  const operations = operationsFor(deployment, changes.map(forward));

  it('tests each value before it changes it, and the name of each list item on the path', () => {
    const tests = operations.filter(({ op }) => op === 'test').map(({ path }) => path);
    assert.deepEqual(tests.sort(), [
      '/spec/replicas',
      '/spec/template/metadata/labels',
      '/spec/template/spec/containers/0/env',
      '/spec/template/spec/containers/0/image',
      '/spec/template/spec/containers/0/name',
    ]);
    assert.ok(operations.slice(0, tests.length).every(({ op }) => op === 'test'));
  });

  const meanwhile: { readonly [what: string]: (object: typeof deployment) => void } = {
    'changed the same value': ({ spec }) => {
      spec.replicas = 9;
    },
    'added the same key': ({ spec }) => {
      Object.assign(spec.template.metadata.labels, { canary: 'theirs' });
    },
    'added a variable of the same name': ({ spec }) => {
      spec.template.spec.containers[0]?.env?.push({ name: 'DEBUG', value: 'theirs' });
    },
    'put another container in its place': ({ spec }) => {
      spec.template.spec.containers.reverse();
    },
  };
  for (const [what, act] of Object.entries(meanwhile)) {
    it(`changes nothing if somebody ${what} in the meantime`, () => {
      const other = structuredClone(deployment);
      act(other);
      assert.throws(() => applied(other, operations));
    });
  }
});

describe('what is not on the allow-list', () => {
  const pod = (spec: object) => merged(deployment, template(spec));
  const container = (fields: object) => pod({ containers: [{ name: 'web', ...fields }] });
  const refused: { readonly [what: string]: object } = {
    'a label of the Deployment itself': merged(deployment, { metadata: { labels: { team: 'x' } } }),
    'its selector': merged(deployment, { spec: { selector: { matchLabels: { app: 'x' } } } }),
    'a service account': pod({ serviceAccountName: 'admin' }),
    'the host’s network': pod({ hostNetwork: true }),
    'a node': pod({ nodeName: 'n1' }),
    'a new container': pod({ containers: [{ name: 'evil', image: 'evil' }] }),
    'a new volume': pod({ volumes: [{ name: 'root', hostPath: { path: '/' } }] }),
    'rights of a container': container({ securityContext: { privileged: true } }),
  };
  for (const [what, wanted] of Object.entries(refused))
    it(`is not changed: ${what}`, () =>
      assert.throws(
        () => changesBetween(deployment, wanted),
        /must not be changed in a cluster that holdfast did not create/,
      ));

  it('is not changed: the order of a list, or one of two items of one name', () => {
    const env = [...(deployment.spec.template.spec.containers[0]?.env ?? [])].reverse();
    const reordered = structuredClone(deployment);
    Object.assign(reordered.spec.template.spec.containers[0] ?? {}, { env });
    assert.throws(() => changesBetween(deployment, reordered), /a list was reordered/);
    const twice = structuredClone(deployment);
    twice.spec.template.spec.containers[0]?.env?.push({ name: 'SIZE', value: '8' });
    assert.throws(() => changesBetween(deployment, twice), /two of its items have the same name/);
  });

  it('is not merged: a directive, or items without names', () => {
    assert.throws(() => merged(deployment, { spec: { $patch: 'replace' } }), /\$patch is not merged/);
    assert.throws(() => pod({ tolerations: [{ key: 'a', operator: 'Exists' }] }), /without names/);
  });
});

describe('keys that lead to the prototype', () => {
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    const object = (inner: unknown) => JSON.parse(`{"${key}": ${JSON.stringify(inner)}}`);
    it(`are refused in a change: ${key}`, () => {
      for (const bad of [
        { path: [key, 'polluted'], after: 'yes' },
        { path: ['spec', { name: key }], after: 'yes' },
        { path: ['spec', 'replicas'], after: object('yes') },
        { path: ['spec', 'replicas'], before: [{ deep: object(1) }], after: 1 },
      ])
        assert.ok(!change.safeParse(bad).success, JSON.stringify(bad));
    });

    it(`are refused in what a patch wants: ${key}`, () => {
      const labels = { spec: { template: { metadata: { labels: { ...object('yes') } } } } };
      Object.defineProperty(labels.spec.template.metadata.labels, key, { value: 'yes', enumerable: true });
      assert.throws(() => changesBetween(deployment, merged(deployment, labels)));
      assert.equal(({} as { yes?: unknown }).yes, undefined);
      assert.equal(Object.getPrototypeOf({}), Object.prototype);
    });
  }
});
