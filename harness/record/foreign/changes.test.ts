import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strategicMerge } from '../../sys/strategic-merge.fake.ts';
import { change, changesOf, takeBack } from './changes.ts';

const deployment = {
  metadata: { name: 'web', labels: { team: 'shop' } },
  spec: {
    replicas: 3,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels: { app: 'web', version: '1' } },
      spec: { containers: [{ name: 'web', image: 'web:1', args: ['serve'], env: [{ name: 'COLOUR', value: 'red' }] }] },
    },
  },
};
const template = (spec: object, labels: object = {}) => ({ spec: { template: { metadata: { labels }, spec } } });

/** The object after a patch, and after that was taken back from the journal's words alone. */
function thereAndBack(object: object, patch: object) {
  const changes = change.array().parse(JSON.parse(JSON.stringify(changesOf(object, patch))));
  const patched = strategicMerge(object, patch) as object;
  const { patch: back, left } = takeBack(patched, changes);
  return { patched, restored: strategicMerge(patched, back), left };
}

describe('a patch is taken back', () => {
  const patches: { readonly [what: string]: object } = {
    'a number': { spec: { replicas: 5 } },
    'a label of the template': template({}, { version: '2' }),
    'a label that was not there': template({}, { canary: 'yes' }),
    'a map that was not there': { spec: { template: { metadata: { annotations: { restartedAt: 'now' } } } } },
    'another strategy': { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } },
    'a variable and an image': template({
      containers: [{ name: 'web', image: 'web:2', env: [{ name: 'COLOUR', value: 'blue' }] }],
    }),
    'a variable and a container that were not there': template({
      containers: [
        { name: 'web', env: [{ name: 'SIZE', value: '9' }] },
        { name: 'log', image: 'log:1' },
      ],
    }),
    'a list of words': template({ containers: [{ name: 'web', args: ['serve', '--fast'] }] }),
    'a hook that was not there': template({
      containers: [{ name: 'web', lifecycle: { preStop: { sleep: { seconds: 5 } } } }],
    }),
  };
  for (const [what, patch] of Object.entries(patches)) {
    it(`that changed ${what}`, () => {
      const { patched, restored, left } = thereAndBack(deployment, patch);
      assert.notDeepEqual(patched, deployment);
      // An API server drops a map that is empty.
      const withoutEmpty = JSON.parse(JSON.stringify(restored).replace(',"annotations":{}', ''));
      assert.deepEqual(withoutEmpty, deployment);
      assert.deepEqual(left, []);
    });
  }

  it('whatever it changed', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const labels = fc.dictionary(name, fc.constantFrom('1', '2'));
    const env = fc.uniqueArray(fc.record({ name, value: fc.constantFrom('1', '2') }), {
      selector: (item) => item.name,
    });
    const container = fc.record({ name, image: fc.constantFrom('x', 'y'), env });
    const containers = fc.uniqueArray(container, { selector: (item) => item.name, minLength: 1 });
    const spec = fc.record({ replicas: fc.nat(3), labels, containers });
    const byName = (value: unknown) =>
      JSON.stringify(value, (_, item: unknown) =>
        Array.isArray(item) ? [...item].sort((one, other) => String(one.name).localeCompare(other.name)) : item,
      );
    fc.assert(
      fc.property(spec, spec, (object, patch) => {
        const { restored } = thereAndBack({ spec: object }, { spec: patch });
        assert.deepEqual(JSON.parse(byName(restored)), JSON.parse(byName({ spec: object })));
      }),
    );
  });

  it('twice without harm', () => {
    const changes = changesOf(deployment, { spec: { replicas: 5 } });
    assert.deepEqual(takeBack(deployment, changes), { patch: {}, left: [] });
  });

  it('but for what somebody else changed since', () => {
    const changes = changesOf(deployment, { spec: { replicas: 5, ...template({}, { version: '2' }).spec } });
    const released = strategicMerge(deployment, { spec: { replicas: 5, ...template({}, { version: '7' }).spec } });
    assert.deepEqual(takeBack(released as object, changes), {
      patch: { spec: { replicas: 3 } },
      left: ['spec.template.metadata.labels.version'],
    });
  });

  it('or is not made at all', () => {
    const tolerations = { spec: { template: { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } } } };
    assert.throws(() => changesOf(deployment, tolerations), /spec\.template\.spec\.tolerations cannot be taken back/);
    assert.throws(() => changesOf(deployment, { spec: { $patch: 'replace' } }), /\$patch cannot be taken back/);
  });
});
