import type { Manifests } from '../../model/manifest.ts';
import type { Json } from '../../model/units.ts';

type Fields = { [field: string]: Json };

/** Quantities in the form that the API server writes. Others are in that form already. */
const quantities: { readonly [quantity: string]: string } = {
  '0.5': '500m',
  '1000m': '1',
  '1024Mi': '1Gi',
  '0.25Gi': '256Mi',
  '1e3': '1k',
};

/** Numbers that the API server leaves out, or replaces by a default, if they are 0. */
const zeroIsAbsent = new Set([
  'minReadySeconds',
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
]);

const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);
const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !isList(value);
const isNothing = (field: string, value: Json): boolean =>
  value === null || value === '' || (isList(value) && value.length === 0) || (value === 0 && zeroIsAbsent.has(field));

/** A copy without what the API server does not store, with sorted fields. */
function stored(value: Json): Json {
  if (isList(value)) return value.map(stored);
  if (!isMap(value)) return value;
  const fields = Object.entries(value).filter(([field, each]) => !isNothing(field, each));
  return Object.fromEntries(
    fields.sort(([one], [other]) => (one < other ? -1 : 1)).map(([field, each]) => [field, stored(each)]),
  );
}

const map = (value: Json | undefined): Fields => (isMap(value) ? value : {});
const list = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
const present = (of: Fields, field: string, change: (value: Fields) => Json): Fields =>
  of[field] === undefined ? {} : { [field]: change(map(of[field])) };

const httpGet = (get: Fields): Fields => ({ path: '/', scheme: 'HTTP', ...get });

const handler = (of: Fields): Fields => ({ ...of, ...present(of, 'httpGet', httpGet) });

const probe = (of: Fields): Fields => ({
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
  ...handler(of),
  ...present(of, 'grpc', (grpc) => ({ service: '', ...grpc })),
});

const hooks = (of: Fields): Fields => ({
  ...of,
  ...present(of, 'postStart', handler),
  ...present(of, 'preStop', handler),
});

const plain = (of: Fields): Fields =>
  Object.fromEntries(
    Object.entries(of).map(([resource, quantity]) => [resource, quantities[String(quantity)] ?? String(quantity)]),
  );

/** The API server fills in requests only when it creates the pods. */
function resources(of: Fields): Fields {
  const limits = plain(map(of.limits));
  return { ...of, ...present(of, 'limits', plain), requests: { ...limits, ...plain(map(of.requests)) } };
}

const container = (value: Json): Fields => {
  const of = map(value);
  return {
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...of,
    ports: list(of.ports).map((port) => ({ protocol: 'TCP', ...map(port) })),
    resources: resources(map(of.resources)),
    ...present(of, 'lifecycle', hooks),
    ...present(of, 'readinessProbe', probe),
    ...present(of, 'livenessProbe', probe),
    ...present(of, 'startupProbe', probe),
  };
};

const podSpec = (of: Fields): Fields => ({
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
  ...of,
  containers: list(of.containers).map(container),
  ...(list(of.initContainers).length > 0 && { initContainers: list(of.initContainers).map(container) }),
});

const template = (of: Fields): Fields => ({
  ...of,
  metadata: { creationTimestamp: null, ...map(of.metadata) },
  spec: podSpec(map(of.spec)),
});

const rolling = (of: Fields, limits: Fields): Fields => {
  const type = of.type ?? 'RollingUpdate';
  return { ...of, type, ...(type === 'RollingUpdate' && { rollingUpdate: { ...limits, ...map(of.rollingUpdate) } }) };
};

const specs: { readonly [kind: string]: (spec: Fields) => Fields } = {
  Deployment: (spec) => ({
    replicas: 1,
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    ...spec,
    strategy: rolling(map(spec.strategy), { maxSurge: '25%', maxUnavailable: '25%' }),
    template: template(map(spec.template)),
  }),
  StatefulSet: (spec) => ({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    ...spec,
    updateStrategy: rolling(map(spec.updateStrategy), { partition: 0, maxUnavailable: 1 }),
    template: template(map(spec.template)),
  }),
  Service: (spec) => ({
    clusterIP: '10.96.0.20',
    internalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    type: 'ClusterIP',
    ...spec,
    ports: list(spec.ports).map((port) => ({ protocol: 'TCP', targetPort: map(port).port ?? 80, ...map(port) })),
  }),
};

/** The objects as an API server returns them: with its defaults, its metadata and a status, and with sorted fields. */
export const defaulted = (objects: Manifests): Manifests =>
  objects.map((object) => {
    const { kind, metadata, spec, ...others } = stored(JSON.parse(JSON.stringify(object))) as Fields;
    const own = { uid: '5a', resourceVersion: '12', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };
    const after = { ...others, kind, metadata: { namespace: 'shop', ...map(metadata), ...own }, status: {} };
    const withDefaults = (specs[String(kind)] ?? ((same) => same))(map(spec));
    return { ...after, ...(spec !== undefined && { spec: withDefaults }) } as unknown as Manifests[number];
  });
