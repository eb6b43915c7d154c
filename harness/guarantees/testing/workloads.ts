import fc from 'fast-check';
import type { Manifests } from '../../model/manifest.ts';
import type { Json } from '../../model/units.ts';
import type { UnderTest } from '../guarantee.ts';

type Fields = { readonly [field: string]: Json };

/** What two workloads have in common, so that one can have the values of the other. */
interface Shape {
  readonly kind: 'Deployment' | 'StatefulSet';
  /** `server` serves the requests. */
  readonly containers: readonly string[];
  readonly sidecars: readonly string[];
  readonly selector: Fields;
}

const labels = { app: 'web', tier: 'front' };

const shape: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constantFrom('Deployment', 'StatefulSet'),
  // A name that all objects have as a property.
  containers: fc.subarray(['server', 'proxy', 'constructor']).map((names) => [...new Set(['server', ...names])]),
  sidecars: fc.subarray(['log', 'mesh']),
  selector: fc.constantFrom<Fields>(
    { matchLabels: { app: 'web' } },
    { matchLabels: { app: 'web' }, matchExpressions: [] },
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] },
    { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'canary', operator: 'DoesNotExist' }] },
  ),
});

/** Some of the fields, and null for some that are absent. */
const some = (fields: { readonly [field: string]: fc.Arbitrary<Json> }): fc.Arbitrary<Fields> =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [field, fc.option(value, { freq: 12, nil: null })]),
    ),
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<Fields>;

const all = (fields: { readonly [field: string]: fc.Arbitrary<Json> }): fc.Arbitrary<Fields> =>
  fc.record(fields, { noNullPrototype: true });

const joined = (...parts: readonly fc.Arbitrary<Fields>[]): fc.Arbitrary<Fields> =>
  fc.tuple(...parts).map((each) => Object.assign({}, ...each));

const small = fc.integer({ min: 0, max: 40 });
const amount = fc.constantFrom<Json>(0, 1, 2, '0%', '25%', '67%', '100%');
const quantity = fc.constantFrom<Json>('100m', '0.5', 0.5, '1000m', 1, '64Mi', '1024Mi', '0.25Gi', '1e3', '1G');
const port = fc.constantFrom<Json>(80, 8080, 'http');

const httpGet = joined(
  all({ port }),
  some({
    path: fc.constantFrom('/', '/ready', ''),
    scheme: fc.constantFrom('HTTP', 'HTTPS'),
    host: fc.constantFrom('', '127.0.0.1'),
    httpHeaders: fc.constantFrom<Json>([], [{ name: 'Host', value: 'shop' }]),
  }),
);
const exec = fc.constantFrom<Json>({ command: ['sh', '-c', 'sleep 60'] }, { command: ['nginx', '-s', 'quit'] });
const postStart = fc.oneof(all({ exec }), all({ httpGet }));
const preStop = fc.oneof(
  all({ exec }),
  all({ httpGet }),
  all({ sleep: all({ seconds: fc.constantFrom(0, 2, 5) }) }),
  fc.constantFrom<Fields>({ tcpSocket: { port: 80 } }, {}),
);

const probe = joined(
  fc.oneof(
    all({ exec }),
    all({ httpGet }),
    all({ tcpSocket: joined(all({ port }), some({ host: fc.constantFrom('', 'db') })) }),
    all({ grpc: joined(all({ port: fc.constant(9000) }), some({ service: fc.constantFrom('', 'health') })) }),
  ),
  some({
    initialDelaySeconds: fc.constantFrom(0, 5),
    periodSeconds: fc.constantFrom(0, 1, 10),
    timeoutSeconds: fc.constantFrom(0, 1, 2),
    successThreshold: fc.constantFrom(0, 1, 2),
    failureThreshold: fc.constantFrom(0, 1, 3),
    terminationGracePeriodSeconds: fc.constantFrom(5),
  }),
);

const quantities = some({ cpu: quantity, memory: quantity });

const container = (name: string): fc.Arbitrary<Fields> =>
  joined(
    all({ name: fc.constant(name) }),
    some({
      image: fc.constant('web:1'),
      ports: fc.constantFrom<Json>([], [{ containerPort: 8080, name: 'http' }]),
      readinessProbe: probe,
      livenessProbe: probe,
      startupProbe: probe,
      lifecycle: some({ postStart, preStop, stopSignal: fc.constantFrom('SIGTERM', 'SIGQUIT', '') }),
      resources: some({ requests: quantities, limits: quantities, claims: fc.constant([{ name: 'gpu' }]) }),
      env: fc.constant([{ name: 'PORT', value: '8080' }]),
    }),
  );

const containers = (names: readonly string[], more: Fields = {}): fc.Arbitrary<Fields[]> =>
  fc.tuple(...names.map((name) => container(name).map((fields) => ({ ...fields, ...more }))));

/** Selectors of the pods besides that of the owner. */
const selecting: readonly Json[] = [
  {},
  { matchLabels: { tier: 'front' } },
  { matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
  { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] },
];
const foreignSelector = fc.constantFrom<Json>(
  null,
  { matchLabels: { app: 'db' } },
  { matchLabels: { app: 'web', tier: 'back' } },
  { matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] },
);

const ownSelector = ({ selector }: Shape) => fc.constantFrom<Json>(selector, ...selecting);

const ownTopologies = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'rack', 'example.com/row'];
const ownTopology = fc.constantFrom(...ownTopologies);

const ownTerm = (of: Shape) =>
  joined(
    all({ topologyKey: ownTopology, labelSelector: ownSelector(of) }),
    some({
      matchLabelKeys: fc.constantFrom<Json>([], ['pod-template-hash']),
      mismatchLabelKeys: fc.constantFrom<Json>([], ['canary']),
      namespaceSelector: fc.constant({}),
    }),
  );
/** Marks a term or constraint that does not select the pods. */
const foreign = fc.constant(true);

const foreignTerm = (of: Shape) =>
  joined(
    all({ topologyKey: ownTopology, foreign }),
    fc.oneof(
      all({ labelSelector: foreignSelector }),
      all({ labelSelector: ownSelector(of), mismatchLabelKeys: fc.constant(['tier']) }),
      all({ labelSelector: ownSelector(of), namespaces: fc.constant(['elsewhere']) }),
      all({ labelSelector: ownSelector(of), namespaceSelector: fc.constant({ matchLabels: { team: 'other' } }) }),
    ),
  );

const few = (item: fc.Arbitrary<Fields>) => fc.array(item, { maxLength: 4 });
const weighted = (term: fc.Arbitrary<Fields>) => all({ weight: fc.constantFrom(1, 50, 100), podAffinityTerm: term });

const affinity = (of: Shape) =>
  some({
    nodeAffinity: fc.constant({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } }),
    podAffinity: fc.constant({ requiredDuringSchedulingIgnoredDuringExecution: [] }),
    podAntiAffinity: some({
      requiredDuringSchedulingIgnoredDuringExecution: few(fc.oneof(ownTerm(of), foreignTerm(of))),
      preferredDuringSchedulingIgnoredDuringExecution: few(weighted(fc.oneof(ownTerm(of), foreignTerm(of)))),
    }),
  });

const constraint = (topologyKey: fc.Arbitrary<string>, labelSelector: fc.Arbitrary<Json>) =>
  joined(
    all({
      topologyKey,
      labelSelector,
      maxSkew: fc.constantFrom(1, 2),
      whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
    }),
    some({
      minDomains: fc.constantFrom(1, 3),
      matchLabelKeys: fc.constantFrom<Json>([], ['pod-template-hash']),
      nodeAffinityPolicy: fc.constantFrom('Honor', 'Ignore'),
      nodeTaintsPolicy: fc.constantFrom('Honor', 'Ignore'),
    }),
  );

/** The API refuses two constraints with the same topology key and reaction. */
const constraints = (of: Shape) =>
  fc.uniqueArray(
    fc.oneof(
      constraint(ownTopology, ownSelector(of)),
      joined(constraint(fc.constantFrom('example.com/foreign'), foreignSelector), all({ foreign })),
    ),
    { maxLength: 4, selector: (each) => `${each.topologyKey} ${each.whenUnsatisfiable}` },
  );

const podSpec = (of: Shape): fc.Arbitrary<Fields> =>
  joined(
    all({
      containers: containers(of.containers),
      initContainers: fc
        .tuple(containers(['setup']), containers(of.sidecars, { restartPolicy: 'Always' }))
        .map((both) => both.flat()),
    }),
    some({
      terminationGracePeriodSeconds: small,
      priorityClassName: fc.constantFrom('important', 'cheap', ''),
      os: fc.constantFrom<Json>({ name: 'linux' }),
      affinity: affinity(of),
      topologySpreadConstraints: constraints(of),
      nodeSelector: fc.constant({ disk: 'ssd' }),
    }),
  );

const rollingUpdate = ({ kind }: Shape) =>
  kind === 'Deployment'
    ? some({ maxSurge: amount, maxUnavailable: amount })
    : some({ partition: fc.constantFrom(0, 2), maxUnavailable: amount });

const strategy = (of: Shape) =>
  fc.oneof(
    some({ type: fc.constant('RollingUpdate'), rollingUpdate: rollingUpdate(of) }),
    fc.constant<Fields>({ type: of.kind === 'Deployment' ? 'Recreate' : 'OnDelete' }),
  );

const owner = (of: Shape): fc.Arbitrary<Fields> =>
  fc
    .tuple(
      some({
        replicas: small,
        minReadySeconds: small,
        revisionHistoryLimit: small,
        [of.kind === 'Deployment' ? 'strategy' : 'updateStrategy']: strategy(of),
      }),
      podSpec(of),
      fc.constantFrom<Fields>({}, { annotations: { 'example.com/note': 'kept' } }),
    )
    .map(([spec, pod, metadata]) => ({
      apiVersion: 'apps/v1',
      kind: of.kind,
      metadata: { name: 'web', ...metadata },
      spec: { ...spec, selector: of.selector, template: { metadata: { labels, ...metadata }, spec: pod } },
    }));

const budget = (name: fc.Arbitrary<string>, selector: fc.Arbitrary<Json>): fc.Arbitrary<Fields> =>
  fc
    .tuple(
      name,
      selector,
      fc.oneof(all({ minAvailable: amount }), all({ maxUnavailable: amount }), fc.constant<Fields>({})),
      some({ unhealthyPodEvictionPolicy: fc.constantFrom('IfHealthyBudget', 'AlwaysAllow') }),
      fc.constantFrom<Fields>({}, { labels: { team: 'shop' } }),
    )
    .map(([own, pods, limit, policy, metadata]) => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: own, ...metadata },
      spec: { ...limit, ...policy, selector: pods },
    }));

const budgets = (of: Shape): fc.Arbitrary<Fields[]> =>
  fc.uniqueArray(
    fc.oneof(
      budget(fc.constantFrom('web', 'web-b', 'a-budget'), ownSelector(of)),
      budget(fc.constantFrom('db', 'other'), foreignSelector),
    ),
    { maxLength: 4, selector: ({ metadata }) => JSON.stringify((metadata as Fields).name) },
  );

const service: Fields = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};
/** Other objects with the same name, and one with the same kind. */
const others: readonly Fields[] = [
  service,
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { replicas: '3' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'db' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'server', image: 'db:1' }] } },
    },
  },
];

const objects = (of: Shape): fc.Arbitrary<Manifests> =>
  fc
    .tuple(owner(of), budgets(of), fc.subarray([...others]))
    .chain(([own, guards, rest]) => {
      const every = [own, ...guards, ...rest];
      return fc.shuffledSubarray(every, { minLength: every.length, maxLength: every.length });
    })
    .map((shuffled) => deepFrozen(JSON.parse(JSON.stringify(shuffled))));

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    for (const each of Object.values(Object.freeze(value))) deepFrozen(each);
  return value;
}

/** Two workloads in which the same part is under test. Their objects are frozen. */
export interface Pair {
  readonly under: UnderTest;
  readonly objects: Manifests;
  /** Another workload, whose values the first one can have. */
  readonly other: Manifests;
}

export const pairs: fc.Arbitrary<Pair> = shape.chain((of) =>
  fc.record({
    under: fc.constant({ owner: { kind: of.kind, name: 'web' }, service: 'web', container: 'server' }),
    objects: objects(of),
    other: objects(of),
  }),
);
