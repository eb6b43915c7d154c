import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Facts } from '../model/facts.ts';
import type { Manifests } from '../model/manifest.ts';
import type { OwnerKind } from '../model/owner.ts';
import type { Json } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import { checkoutDir } from '../sys/paths.ts';
import { factsInWords, factsOf } from './facts.ts';
import { facts as schema } from './facts-schema.ts';
import { guaranteeNamed, guarantees } from './registry.ts';
import { budgetWith, ownerWith, underWith } from './testing/parts.ts';
import { underTest } from './under-test.ts';

const none = {
  replicas: 1,
  readiness: {},
  preStop: {},
  grace: 30,
  budget: [],
  antiAffinity: [],
  minReadySeconds: 0,
  liveness: {},
  startup: {},
  stopSignal: {},
  topologySpread: [],
  priority: null,
  resources: {},
};

describe('facts of objects', () => {
  it('have the defaults of the API', () => {
    assert.deepEqual(factsOf([ownerWith()], underWith()), {
      ...none,
      strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
    });
    assert.deepEqual(factsOf([ownerWith({}, 'StatefulSet')], underWith('StatefulSet')), {
      ...none,
      strategy: { type: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 },
    });
  });

  const selector = { matchLabels: { app: 'web' } };
  const hostname = { topologyKey: 'kubernetes.io/hostname', labelSelector: selector };
  const antiAffinity = (required: readonly Json[]) =>
    ownerWith({
      pod: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } },
    });
  const sidecar = { name: 'log', restartPolicy: 'Always', lifecycle: { preStop: { sleep: { seconds: 1 } } } };
  const cases: readonly (readonly [string, Manifests, Partial<Facts>, OwnerKind?])[] = [
    [
      'no value of an init container',
      [ownerWith({ pod: { initContainers: [{ ...sidecar, restartPolicy: 'Never' }] } })],
      { preStop: {} },
    ],
    [
      'those of a native sidecar',
      [ownerWith({ pod: { initContainers: [sidecar] } })],
      { preStop: { log: { sleepSeconds: 1 } } },
    ],
    [
      'no hook that the kubelet does not run',
      [ownerWith({ container: { lifecycle: { preStop: { tcpSocket: { port: 80 } } } } })],
      { preStop: {} },
    ],
    [
      'no term of other pods, of another namespace or of other revisions',
      [
        antiAffinity([
          { ...hostname, labelSelector: { matchLabels: { app: 'db' } } },
          { ...hostname, labelSelector: null },
          { ...hostname, namespaces: ['elsewhere'] },
          { ...hostname, mismatchLabelKeys: ['app'] },
        ]),
      ],
      { antiAffinity: [] },
    ],
    [
      'each domain of a term of the pods once, with the name of the lab',
      [
        antiAffinity([
          hostname,
          { ...hostname, matchLabelKeys: ['pod-template-hash'] },
          { ...hostname, topologyKey: 'rack' },
        ]),
      ],
      {
        antiAffinity: [
          { strength: 'required', over: 'hostname' },
          { strength: 'required', over: 'rack' },
        ],
      },
    ],
    [
      'the budgets that select the pods, by name, with a selector of their own',
      [
        budgetWith({ maxUnavailable: '30%', unhealthyPodEvictionPolicy: 'IfHealthyBudget' }),
        budgetWith({ minAvailable: 1, selector: {} }, 'all'),
        budgetWith({ minAvailable: 1, selector: null }, 'nothing'),
        budgetWith({}, 'without-limit'),
        { ...budgetWith({ minAvailable: 1 }, 'elsewhere'), metadata: { name: 'elsewhere', namespace: 'b' } },
        { ...ownerWith(), metadata: { name: 'web', namespace: 'a' } },
      ],
      { budget: [{ minAvailable: 1, name: 'all', selector: {} }, { maxUnavailable: '30%' }] },
    ],
    [
      'a topology spread without what is the default, and without a selector that is the owner’s',
      [
        ownerWith({
          pod: {
            topologySpreadConstraints: [
              {
                ...hostname,
                maxSkew: 1,
                whenUnsatisfiable: 'DoNotSchedule',
                nodeTaintsPolicy: 'Ignore',
                minDomains: 1,
              },
            ],
          },
        }),
      ],
      {
        topologySpread: [{ topologyKey: 'kubernetes.io/hostname', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
      },
    ],
    [
      'no stop signal and no priority class with an empty name',
      [ownerWith({ pod: { priorityClassName: '' }, container: { lifecycle: { stopSignal: '' } } })],
      { priority: null, stopSignal: {} },
    ],
    [
      'OnDelete of a StatefulSet',
      [ownerWith({ spec: { updateStrategy: { type: 'OnDelete' } } }, 'StatefulSet')],
      { strategy: { type: 'OnDelete' } },
      'StatefulSet',
    ],
    [
      'quantities in one form, and limits as requests',
      [ownerWith({ container: { resources: { requests: { cpu: 0.5 }, limits: { memory: '1024Mi', cpu: '1000m' } } } })],
      { resources: { server: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } } },
    ],
  ];
  for (const [what, objects, wanted, kind] of cases)
    it(`have ${what}`, () => {
      const facts: { readonly [name: string]: unknown } = factsOf(objects, underWith(kind));
      for (const [name, value] of Object.entries(wanted)) assert.deepEqual(facts[name], value);
    });

  it('are refused with the owner and the field if the API would refuse it', () => {
    const wrong: readonly (readonly [Manifests, RegExp])[] = [
      [
        [ownerWith({ spec: { replicas: 'three' } })],
        /^Deployment web: its replicas cannot be read: .*number.*\. Correct the manifest$/,
      ],
      [[ownerWith({ spec: { strategy: { type: 'Rolling' } } })], /^Deployment web: its strategy cannot be read/],
      [[ownerWith({ pod: { terminationGracePeriodSeconds: -1 } })], /^Deployment web: its grace period cannot be read/],
      [[ownerWith(), budgetWith({ minAvailable: 'most' })], /^Deployment web: its disruption budget cannot be read/],
    ];
    for (const [objects, message] of wrong)
      assert.throws(
        () => factsOf(objects, underWith()),
        (error) => error instanceof UsageError && message.test(error.message),
      );
  });

  it('do not crash on a part of another type', () => {
    for (const strange of [7, 'text', [], [[]], true])
      for (const objects of [
        [ownerWith({ spec: { strategy: strange, template: strange } })],
        [ownerWith({ pod: { containers: strange, initContainers: strange, affinity: strange } })],
        [ownerWith({ container: { readinessProbe: strange, lifecycle: strange, resources: strange } })],
        [ownerWith(), budgetWith({ minAvailable: 1, selector: strange })],
      ] as readonly Manifests[])
        factsOf(objects, underWith());
  });
});

describe('facts in words', () => {
  it('have a short form for tables, and whether there is one', () => {
    const rows = factsInWords(factsOf([ownerWith({ spec: { replicas: 3 } })], underWith()));
    assert.deepEqual(
      rows.map(({ title, words, cell, given }) => [title, words, cell, given]),
      [
        ['replicas', '3 replicas', '3', true],
        ['readiness probe', 'no readiness probe', 'none', false],
        ['preStop hook', 'no preStop hook', 'none', false],
        ['grace period', 'grace 30 s', '30 s', true],
        ['disruption budget', 'no disruption budget', 'none', false],
        ['anti-affinity', 'no anti-affinity', 'none', false],
        [
          'strategy',
          'strategy RollingUpdate, maxSurge 25%, maxUnavailable 25%',
          'RollingUpdate, maxSurge 25%, maxUnavailable 25%',
          true,
        ],
        ['minReadySeconds', 'no minReadySeconds', 'none', false],
        ['liveness probe', 'no liveness probe', 'none', false],
        ['startup probe', 'no startup probe', 'none', false],
        ['stop signal', 'no stop signal', 'none', false],
        ['topology spread', 'no topology spread', 'none', false],
        ['priority class', 'no priority class', 'none', false],
        ['resources', 'no resources', 'none', false],
      ],
    );
  });

  it('leave out what is not known', () => {
    const { replicas, strategy, readiness, preStop, grace, budget, antiAffinity } = factsOf([ownerWith()], underWith());
    const old = { replicas, strategy, readiness, preStop, grace, budget, antiAffinity };
    assert.deepEqual(
      factsInWords(old).map(({ name }) => name),
      ['replicas', 'readiness', 'preStop', 'grace', 'budget', 'antiAffinity', 'strategy'],
    );
  });

  it('can be printed for every value that the schema of a recording accepts', () => {
    const hostile = JSON.parse('{ "toString": 0, "valueOf": 0, "__proto__": 1, "path": { "toString": 0 } }') as Json;
    const plain = factsOf([ownerWith()], underWith());
    let printed = 0;
    for (const { name } of guarantees)
      for (const value of [
        { server: hostile },
        { server: { httpGet: hostile } },
        { server: { exec: { command: [hostile] } } },
        { server: { requests: { cpu: hostile } } },
        [{ minAvailable: 1, selector: { matchLabels: hostile } }],
        [{ maxSkew: hostile, topologyKey: hostile, labelSelector: hostile }],
      ]) {
        const parsed = schema.safeParse({ ...plain, [name]: value });
        if (!parsed.success) continue;
        printed++;
        for (const { words, cell } of factsInWords(parsed.data)) assert.equal(typeof (words + cell), 'string', name);
      }
    assert.ok(printed > 8, `${printed} values`);
  });
});

describe('the schema of facts', () => {
  const facts = factsOf([ownerWith()], underWith());

  it('allows facts of later versions, and old recordings without the newer ones', () => {
    assert.deepEqual(schema.parse({ ...facts, happiness: 3 }), { ...facts, happiness: 3 });
    const { liveness: _, priority: __, ...old } = facts;
    assert.deepEqual(schema.parse(old), old);
  });

  it('refuses a known fact with another type, and recordings without the oldest ones', () => {
    assert.equal(schema.safeParse({ ...facts, liveness: 3 }).success, false);
    assert.equal(schema.safeParse({ ...facts, budget: [{}] }).success, false);
    const { grace: _, ...without } = facts;
    assert.equal(schema.safeParse(without).success, false);
  });
});

describe('the registry', () => {
  it('finds a guarantee by its name', () => {
    for (const guarantee of guarantees) assert.equal(guaranteeNamed(guarantee.name), guarantee);
    assert.equal(guaranteeNamed('constructor'), undefined);
  });
});

describe('the manifests of the experiments', () => {
  const folder = join(checkoutDir(), 'experiments/testing/manifests');
  const objectsOf = (file: string): Manifests =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS());
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

  it('have facts and no change if these are written', () => {
    assert.ok(files.length > 30, `${files.length} files`);
    for (const file of files) {
      const objects = objectsOf(file);
      const under = underTest(objects, { service: 'web' });
      assert.deepEqual(under, { owner: { kind: 'Deployment', name: 'web' }, service: 'web', container: 'server' });
      const facts = factsOf(objects, under);
      assert.deepEqual(
        facts.readiness.server ?? facts.readiness,
        file.match(/pre-stop-only|neither/)
          ? {}
          : {
              httpGet: { path: '/ready', port: 8080 },
              periodSeconds: 1,
              failureThreshold: 1,
            },
        file,
      );
    }
  });

  it('have the budget and the anti-affinity of their arm', () => {
    const factsIn = (file: string): Facts => {
      const objects = objectsOf(file);
      return factsOf(objects, underTest(objects, { service: 'web' }));
    };
    assert.deepEqual(factsIn('drain-budget/three-nodes-67-percent.yaml').budget, [{ minAvailable: '67%' }]);
    assert.deepEqual(factsIn('node-loss-spread/zone-preferred.yaml').antiAffinity, [
      { strength: 'preferred', over: 'zone' },
    ]);
  });
});
