import type { OwnerKind } from '../../model/owner.ts';
import type { Ms } from '../../model/units.ts';
import { sleep } from '../../sys/clock.ts';
import type { Kube, KubernetesObject, V1EndpointSlice } from '../../sys/kube.ts';
import { selects } from '../fault/selects.ts';
import type { Lab } from '../lab/lab.ts';
import type { Target } from '../target/find-target.ts';
import { watchApiServer } from './api-server.ts';
import { watchContainers } from './containers.ts';
import {
  budgetState,
  involvedObject,
  kubernetesEventState,
  leaseState,
  nodeState,
  ownerState,
  podState,
  sliceState,
} from './project.ts';
import { type Probes, probeTargets, watchReach } from './reach.ts';
import type { Recorder } from './recorder.ts';
import { type Watched, watch } from './watch.ts';

const isPodOf = ({ selector }: Target, { metadata }: KubernetesObject): boolean => selects(selector, metadata?.labels);

/** A dual-stack Service has slices of two address families. Those of the cluster IP are recorded. */
const isSliceOf = ({ service: { name, family } }: Target, object: KubernetesObject): boolean =>
  object.metadata?.labels?.['kubernetes.io/service-name'] === name &&
  (family === undefined || (object as V1EndpointSlice).addressType === family);

const ownersIn = (namespace: string, kind: OwnerKind): Watched => {
  const source = kind === 'Deployment' ? 'deployment' : 'statefulset';
  const path = `/apis/apps/v1/namespaces/${namespace}/${source}s`;
  return { source, apiVersion: 'apps/v1', kind, namespace, path, project: ownerState };
};

function watchedIn(target: Target): Watched[] {
  const { namespace } = target;
  return [
    {
      source: 'pod',
      apiVersion: 'v1',
      kind: 'Pod',
      namespace,
      path: `/api/v1/namespaces/${namespace}/pods`,
      project: (object) => (isPodOf(target, object) ? podState(object) : undefined),
    },
    {
      source: 'endpointslice',
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      namespace,
      path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      project: (object) => (isSliceOf(target, object) ? sliceState(object) : undefined),
    },
    {
      source: 'budget',
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      namespace,
      path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
      project: budgetState,
    },
  ];
}

const kubernetesEvents = { source: 'k8s-event', apiVersion: 'v1', kind: 'Event', about: involvedObject } as const;

const eventsIn = (namespace: string): Watched => ({
  ...kubernetesEvents,
  namespace,
  path: `/api/v1/namespaces/${namespace}/events`,
  project: kubernetesEventState,
});

/** The events in several namespaces. One watch for each would hide that one of them is dead. */
const eventsInAll = (namespaces: readonly string[]): Watched => ({
  ...kubernetesEvents,
  path: '/api/v1/events',
  project: (object) =>
    namespaces.includes(object.metadata?.namespace ?? '') ? kubernetesEventState(object) : undefined,
});

const watchedOnLab: readonly Watched[] = [
  {
    source: 'lease',
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: 'kube-node-lease',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    project: leaseState,
  },
  { source: 'node', apiVersion: 'v1', kind: 'Node', path: '/api/v1/nodes', project: nodeState },
];

interface Observers {
  /**
   * Resolves when every watch has shown that it is alive, or after the time limit. A dead watch is then visible in the
   * recording.
   */
  alive(limitMs: Ms, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts all observers of a target in a lab. Resolves when all of them observe. No fault may be injected before. Watches
 * both kinds of owners, because the dependency of the workload has an owner of its own. In the namespace of the helpers,
 * it watches only events.
 */
export async function observe({
  lab,
  target,
  helpersNamespace,
  recorder,
  signal,
  probes,
}: {
  readonly lab: Lab;
  readonly target: Target;
  readonly helpersNamespace: string;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  readonly probes: Probes;
}): Promise<Observers> {
  const { namespace } = target;
  const watched = [
    ...watchedIn(target),
    ownersIn(namespace, 'Deployment'),
    ownersIn(namespace, 'StatefulSet'),
    eventsInAll([namespace, helpersNamespace]),
    ...watchedOnLab,
  ];
  return observing(signal, async (stop) => [
    ...(await Promise.all(watched.map((each) => watch(lab.kube, each, recorder, stop)))),
    watchContainers(lab, recorder, stop),
    watchApiServer(lab.kube, recorder, stop),
    watchReach(lab, () => probeTargets(probes, recorder.observed), recorder, stop),
  ]);
}

/**
 * Starts the observers of a target in any cluster. They watch only its namespace, and only its own kind of owner,
 * because the user may not be allowed to read the other kind.
 */
export async function observeNamespace(
  kube: Kube,
  target: Target,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<Observers> {
  const watched = [...watchedIn(target), ownersIn(target.namespace, target.owner.kind), eventsIn(target.namespace)];
  return observing(signal, (stop) => Promise.all(watched.map((each) => watch(kube, each, recorder, stop))));
}

type Started = readonly { readonly ended: Promise<void>; alive?(): Promise<void> }[];

async function observing(signal: AbortSignal, start: (stop: AbortSignal) => Promise<Started>): Promise<Observers> {
  const stopping = new AbortController();
  const started = await start(AbortSignal.any([signal, stopping.signal])).catch((error: unknown) => {
    // Observers that started before one failed would run on, and keep the process alive.
    stopping.abort();
    throw error;
  });
  return {
    async alive(limitMs, aborted) {
      const limit = new AbortController();
      const shown = Promise.all(started.map((each) => each.alive?.()));
      const late = sleep(limitMs, AbortSignal.any([aborted, limit.signal])).catch(() => undefined);
      await Promise.race([shown, late]);
      limit.abort();
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(started.map(({ ended }) => ended));
    },
  };
}
