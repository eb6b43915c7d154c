import assert from 'node:assert/strict';
import type { Change } from '../model/change.ts';
import type { Manifests } from '../model/manifest.ts';
import type { OwnerKind } from '../model/owner.ts';
import type { Json } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import { antiAffinity } from './anti-affinity.ts';
import { budget } from './budget.ts';
import { applyChange, applyChanges, changeInWords, having, without } from './changes.ts';
import { factsOf } from './facts.ts';
import { fieldsAt } from './fields.ts';
import { grace } from './grace.ts';
import type { Guarantee } from './guarantee.ts';
import { minReadySeconds } from './min-ready.ts';
import { preStop } from './pre-stop.ts';
import { priority } from './priority.ts';
import { liveness, readiness, startup } from './probes.ts';
import { guarantees } from './registry.ts';
import { replicas } from './replicas.ts';
import { resources } from './resources.ts';
import { stopSignal } from './stop-signal.ts';
import { strategy } from './strategy.ts';
import { budgetWith, ownerWith, underWith } from './testing/parts.ts';
import { topologySpread } from './topology-spread.ts';

const hook = { postStart: { exec: { command: ['warm-up'] } }, preStop: { sleep: { seconds: 5 } } };
const probe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };

/** Everything can be taken away from these. */
const guarded: Manifests = [
  ownerWith({
    spec: { replicas: 3, minReadySeconds: 5, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    pod: {
      terminationGracePeriodSeconds: 60,
      priorityClassName: 'important',
      os: { name: 'linux' },
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
    },
    container: {
      readinessProbe: probe,
      livenessProbe: probe,
      startupProbe: probe,
      lifecycle: { ...hook, stopSignal: 'SIGQUIT' },
      resources: { requests: { cpu: '50m' } },
    },
    more: [{ name: 'proxy', image: 'proxy:1', readinessProbe: probe, lifecycle: { preStop: hook.preStop } }],
  }),
  budgetWith({ minAvailable: 2 }),
  budgetWith({ maxUnavailable: 1 }, 'second'),
];
const bare: Manifests = [
  ownerWith({
    spec: { replicas: 1 },
    pod: { terminationGracePeriodSeconds: 30, os: { name: 'linux' } },
    container: { lifecycle: { postStart: hook.postStart } },
    more: [{ name: 'proxy', image: 'proxy:1' }],
  }),
];

const wordsOf = (objects: Manifests, change: Exclude<Change, { option: string }>, kind?: OwnerKind): string => {
  const under = underWith(kind);
  return changeInWords(change, factsOf(applyChange(objects, under, change), under));
};

describe('without', () => {
  it('takes a guarantee away from the owner, all its containers and the other objects', () =>
    assert.deepEqual(applyChanges(guarded, underWith(), guarantees.map(without)), bare));

  const words: { readonly [name: string]: string } = {
    replicas: '1 replica, Kubernetes’ default',
    readiness: 'no readiness probe',
    preStop: 'no preStop hook',
    grace: 'grace 30 s, Kubernetes’ default',
    budget: 'no disruption budget',
    antiAffinity: 'no anti-affinity',
    strategy: 'strategy RollingUpdate, maxSurge 25%, maxUnavailable 25%, Kubernetes’ default',
    minReadySeconds: 'no minReadySeconds',
    liveness: 'no liveness probe',
    startup: 'no startup probe',
    stopSignal: 'no stop signal',
    topologySpread: 'no topology spread',
    priority: 'no priority class',
    resources: 'no resources',
  };
  it('says what is missing, or the default of Kubernetes', () => {
    const found = guarantees.map((guarantee) => [guarantee.name, wordsOf(guarded, without(guarantee))]);
    assert.deepEqual(Object.fromEntries(found), words);
  });

  it('leaves what the API uses if nothing is written', () => {
    for (const kind of ['Deployment', 'StatefulSet'] as const)
      for (const { name, read, takenAway } of guarantees)
        assert.deepEqual(takenAway(underWith(kind)), read([ownerWith({}, kind)], underWith(kind)), name);
  });

  it('changes nothing if the objects do not have the guarantee', () => {
    for (const guarantee of guarantees)
      assert.equal(applyChange(bare, underWith(), without(guarantee)), bare, guarantee.name);
  });
});

describe('having', () => {
  const plain = ownerWith({ more: [{ name: 'proxy', image: 'proxy:1' }] });
  const cases: readonly (readonly [Exclude<Change, { option: string }>, string])[] = [
    [having(replicas, 5), '5 replicas'],
    [having(strategy, 'Recreate'), 'strategy Recreate'],
    [
      having(strategy, { maxSurge: 0, maxUnavailable: '50%' }),
      'strategy RollingUpdate, maxSurge 0, maxUnavailable 50%',
    ],
    [having(strategy, { maxSurge: 1 }), 'strategy RollingUpdate, maxSurge 1, maxUnavailable 25%'],
    [having(minReadySeconds, 5), 'minReadySeconds 5'],
    [having(readiness, probe), 'readiness probe (GET /ready on 8080 every 1 s, 1 failure is enough)'],
    [having(readiness, { tcpSocket: { port: 'http' } }), 'readiness probe (TCP on http every 10 s)'],
    [
      having(liveness, { exec: { command: ['pg_isready', '-q'] }, failureThreshold: 5, timeoutSeconds: 2 }),
      'liveness probe (exec pg_isready -q every 10 s, time-out 2 s, fails after 5 failures)',
    ],
    [
      having(startup, { grpc: { port: 9000, service: 'health' }, initialDelaySeconds: 3 }),
      'startup probe (gRPC health on 9000 every 10 s, first after 3 s)',
    ],
    [having(preStop, { sleep: 2 }), 'preStop sleep 2 s'],
    [having(preStop, { sleep: 0 }), 'preStop sleep 0 s'],
    [having(preStop, { exec: ['sh', '-c', 'sleep 60'] }), 'preStop exec sh -c sleep 60'],
    [having(preStop, { httpGet: { path: '/quit', port: 8080, scheme: 'HTTPS' } }), 'preStop HTTPS GET /quit on 8080'],
    [having(grace, 10), 'grace 10 s'],
    [having(stopSignal, 'SIGQUIT'), 'stop signal SIGQUIT'],
    [having(budget, { minAvailable: 2 }), 'disruption budget minAvailable 2'],
    [
      having(budget, [
        { maxUnavailable: '30%', unhealthyPodEvictionPolicy: 'AlwaysAllow' },
        { minAvailable: 1, name: 'all', selector: {} },
      ]),
      'disruption budgets minAvailable 1 of all pods and maxUnavailable 30% unhealthyPodEvictionPolicy AlwaysAllow',
    ],
    [having(antiAffinity, 'required'), 'required anti-affinity by hostname'],
    [having(antiAffinity, { strength: 'preferred', over: 'zone' }), 'preferred anti-affinity by zone'],
    [
      having(antiAffinity, { strength: 'preferred', over: 'example.com/row' }),
      'preferred anti-affinity by example.com/row',
    ],
    [having(topologySpread, { topologyKey: 'zone' }), 'topology spread (by zone, maxSkew 1, DoNotSchedule)'],
    [
      having(topologySpread, { topologyKey: 'rack', matchLabelKeys: ['pod-template-hash'] }),
      'topology spread (by rack, maxSkew 1, DoNotSchedule, matchLabelKeys pod-template-hash)',
    ],
    [having(priority, 'important'), 'priority class important'],
    [
      having(resources, { requests: { cpu: 0.05 }, limits: { memory: '1024Mi' } }),
      'resources (requests cpu 50m, memory 1Gi; limits memory 1Gi)',
    ],
  ];
  for (const [change, words] of cases) it(`says ${words}`, () => assert.equal(wordsOf([plain], change), words));

  it('names the containers if several have a value', () =>
    assert.equal(wordsOf(guarded, having(preStop, { sleep: 2 })), 'preStop server: sleep 2 s; proxy: sleep 5 s'));

  it('changes only some fields of a probe that the container has', () => {
    const change = having(readiness, { failureThreshold: 4 });
    assert.deepEqual(factsOf(applyChange(guarded, underWith(), change), underWith()).readiness, {
      server: { ...probe, failureThreshold: 4 },
      proxy: probe,
    });
  });

  it('changes the only budget of the pods, which keeps its name, its selector and its labels', () => {
    const own = budgetWith({ minAvailable: 1, selector: {}, unhealthyPodEvictionPolicy: 'AlwaysAllow' }, 'shop');
    const after = applyChange([plain, own], underWith(), having(budget, { maxUnavailable: 1 }));
    const { minAvailable: _, ...spec } = own.spec as { [field: string]: Json };
    assert.deepEqual(after, [plain, { ...own, spec: { ...spec, maxUnavailable: 1 } }]);
  });

  it('writes the terms and budgets that the API expects', () => {
    const inShop = { ...plain, metadata: { name: 'web', namespace: 'shop' } };
    const changes = [having(antiAffinity, 'preferred'), having(budget, { minAvailable: '67%' })];
    const [owner, created] = applyChanges([inShop], underWith(), changes);
    assert.deepEqual(JSON.parse(JSON.stringify(owner)).spec.template.spec.affinity, {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
    });
    assert.deepEqual(created, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { minAvailable: '67%', selector: { matchLabels: { app: 'web' } } },
    });
  });

  it('names the operating system for a stop signal, and keeps it', () => {
    const signalled = applyChange([plain], underWith(), having(stopSignal, 'SIGQUIT'));
    const removed = applyChange(signalled, underWith(), without(stopSignal));
    assert.deepEqual(removed, [
      ownerWith({ pod: { os: { name: 'linux' } }, more: [{ name: 'proxy', image: 'proxy:1' }] }),
    ]);
  });

  it('gives a StatefulSet its own strategies', () => {
    const set = ownerWith({ spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } }, 'StatefulSet');
    const under = underWith('StatefulSet');
    const changed = (value: Json) =>
      fieldsAt(applyChange([set], under, { having: 'strategy', value })[0], 'spec', 'updateStrategy');
    assert.deepEqual(changed('OnDelete'), { type: 'OnDelete' });
    assert.deepEqual(changed({ maxUnavailable: 2 }), {
      rollingUpdate: { partition: 2, maxUnavailable: 2 },
      type: 'RollingUpdate',
    });
    assert.equal(
      wordsOf([set], without(strategy), 'StatefulSet'),
      'strategy RollingUpdate, maxSurge 0, maxUnavailable 1, Kubernetes’ default',
    );
  });
});

describe('a change is refused', () => {
  const foreign = budgetWith({ minAvailable: 1, selector: { matchLabels: { app: 'db' } } });
  const spread = { topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' };
  const objects = [ownerWith({ pod: { topologySpreadConstraints: [spread] } }), foreign];
  const cases: readonly (readonly [string, Change, RegExp, OwnerKind?])[] = [
    [
      'of a guarantee that does not exist',
      { without: 'happiness' },
      /^there is no guarantee happiness\. Guarantees: replicas, /,
    ],
    ['with a name that all objects have', { having: 'constructor', value: 1 }, /^there is no guarantee constructor\./],
    [
      'with a value of another type',
      { having: 'replicas', value: 'many' },
      /^having\(replicas, "many"\): .*number.*\. Use a whole number of pods$/,
    ],
    ['with a misspelt field', { having: 'readiness', value: { periodSecond: 1 } }, /Unrecognized key: "periodSecond"/],
    [
      'with a probe that asks nothing',
      { having: 'readiness', value: { periodSeconds: 1 } },
      /container server has no readiness probe\. Add what it asks: httpGet, tcpSocket, exec, grpc$/,
    ],
    [
      'with a probe that asks twice',
      { having: 'readiness', value: { tcpSocket: { port: 1 }, grpc: { port: 1 } } },
      /a probe asks one of tcpSocket and grpc$/,
    ],
    [
      'with a strategy of another kind',
      { having: 'strategy', value: 'OnDelete' },
      /a Deployment has no strategy OnDelete\. Use RollingUpdate or Recreate$/,
    ],
    [
      'with a surge of a StatefulSet',
      { having: 'strategy', value: { maxSurge: 1 } },
      /a StatefulSet has no maxSurge\. Use maxUnavailable$/,
      'StatefulSet',
    ],
    ['without a limit of a strategy', { having: 'strategy', value: {} }, /maxSurge or maxUnavailable is missing/],
    [
      'with a percentage that is none',
      { having: 'budget', value: { minAvailable: 'all' } },
      /a percentage such as 25%/,
    ],
    [
      'with two budgets of one name',
      { having: 'budget', value: [{ minAvailable: 1 }, { maxUnavailable: 1 }] },
      /two budgets have the name web\. Give each a name$/,
    ],
    [
      'with a budget of other pods',
      { having: 'budget', value: { minAvailable: 1, name: 'b', selector: { matchLabels: { app: 'x' } } } },
      /its selector does not select the pods of Deployment web$/,
    ],
    [
      'with the name of a budget of other pods',
      { having: 'budget', value: { minAvailable: 1 } },
      /PodDisruptionBudget web does not limit evictions of these pods\. Give the budget another name$/,
    ],
    [
      'with a constraint of other pods',
      { having: 'topologySpread', value: { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'x' } } } },
      /its labelSelector does not select the pods/,
    ],
    [
      'with a second constraint for a topology',
      { having: 'topologySpread', value: { topologyKey: 'rack' } },
      /a second constraint for rack DoNotSchedule, which the API refuses$/,
    ],
    ['without a request and a limit', { having: 'resources', value: {} }, /it has no request and no limit/],
    [
      'with a signal that is none',
      { having: 'stopSignal', value: 'quit' },
      /Use the name of a signal, such as SIGQUIT$/,
    ],
  ];
  for (const [what, change, message, kind] of cases)
    it(what, () =>
      assert.throws(
        () => applyChange(kind === 'StatefulSet' ? [ownerWith({}, kind)] : objects, underWith(kind), change),
        (error) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, message);
          return true;
        },
      ),
    );

  it('with a short text, even if the value is long', () =>
    assert.throws(
      () => applyChange(objects, underWith(), { having: 'grace', value: 'x'.repeat(10_000) }),
      ({ message }: Error) => message.length < 400,
    ));
});

describe('a change of an option', () => {
  it('is not a change of the objects', () =>
    assert.equal(applyChange(guarded, underWith(), { option: 'startDelay', value: 3 }), guarded));
});

describe('a change in a recording of a later version', () => {
  it('has words too', () => {
    const facts = factsOf(bare, underWith());
    assert.equal(changeInWords({ without: 'happiness' }, facts), 'no happiness');
    assert.equal(changeInWords({ having: 'happiness', value: 1 }, facts), 'another happiness');
  });
});

describe('a text of --set', () => {
  const texts: readonly (readonly [Guarantee, string, Json])[] = [
    [replicas, '3', 3],
    [strategy, 'Recreate', 'Recreate'],
    [strategy, 'RollingUpdate:1/0', { maxSurge: 1, maxUnavailable: 0 }],
    [strategy, 'RollingUpdate:25%/50%', { maxSurge: '25%', maxUnavailable: '50%' }],
    [strategy, 'RollingUpdate:2', { maxUnavailable: 2 }],
    [minReadySeconds, '5', 5],
    [readiness, 'tcp:8080', { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 }],
    [liveness, 'http:8080/ready', probe],
    [startup, 'http:8080', { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, failureThreshold: 1 }],
    [preStop, '5', { sleep: 5 }],
    [preStop, '0', { sleep: 0 }],
    [grace, '30', 30],
    [stopSignal, 'SIGQUIT', 'SIGQUIT'],
    [budget, 'minAvailable:2', { minAvailable: 2 }],
    [budget, 'maxUnavailable:30%', { maxUnavailable: '30%' }],
    [antiAffinity, 'required', 'required'],
    [antiAffinity, 'preferred:zone', { strength: 'preferred', over: 'zone' }],
    [topologySpread, 'zone', { topologyKey: 'zone' }],
    [topologySpread, 'rack:ScheduleAnyway', { topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' }],
    [priority, 'important', 'important'],
    [resources, '{"limits":{"memory":"64Mi"}}', { limits: { memory: '64Mi' } }],
  ] as readonly (readonly [Guarantee, string, Json])[];
  for (const [guarantee, text, input] of texts)
    it(`${guarantee.name}=${text} is an input that a workload can have`, () => {
      assert.deepEqual(guarantee.parse(text), input);
      applyChange([ownerWith()], underWith(), { having: guarantee.name, value: input });
    });

  it('exists for every guarantee', () =>
    assert.deepEqual(
      guarantees.filter((each) => !texts.some(([guarantee]) => guarantee === each)).map(({ name }) => name),
      [],
    ));

  const wrong: { readonly [name: string]: readonly string[] } = {
    replicas: ['0', '21', '3.5', 'three', '1e1', ''],
    strategy: ['rolling', 'RollingUpdate', 'RollingUpdate:1/', 'RollingUpdate:-1/0', 'RollingUpdate:1/0/2'],
    minReadySeconds: ['-1', '601'],
    readiness: ['on', 'tcp:', 'tcp:0', 'tcp:70000', 'tcp:80/x', 'http:80ready', 'exec:ls'],
    preStop: ['-1', '301', 'sleep'],
    grace: ['0', '601', '5s'],
    stopSignal: ['quit', 'sigquit'],
    budget: ['2', 'minAvailable', 'minAvailable:', 'minAvailable:x', 'maxAvailable:2'],
    antiAffinity: ['yes', 'required:', 'required:a b'],
    topologySpread: ['', 'zone:', 'zone:Never', 'a b'],
    priority: ['', 'Two Words'],
    resources: ['', '64Mi', '[]', '{}', '{"limit":{}}'],
  };
  for (const [name, all] of Object.entries(wrong))
    it(`of ${name} is refused if it is ${all.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      const guarantee = guarantees.find((each) => each.name === name);
      assert.deepEqual(
        all.map((text) => guarantee?.parse(text)),
        all.map(() => undefined),
      );
      assert.ok(guarantee && guarantee.accepts.length > 10);
    });
});
