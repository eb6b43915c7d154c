import type { Ms } from '../../model/units.ts';
import { sleep } from '../../sys/clock.ts';
import type { Kube, KubernetesObject } from '../../sys/kube.ts';
import type { Lab } from '../lab/lab.ts';
import { watchApiServer } from './api-server.ts';
import { watchContainers } from './containers.ts';
import {
  budgetState,
  deploymentState,
  involvedObject,
  kubernetesEventState,
  leaseState,
  nodeState,
  podState,
  sliceState,
} from './project.ts';
import { type Probes, probeTargets, watchReach } from './reach.ts';
import type { Recorder } from './recorder.ts';
import { type Watched, watch } from './watch.ts';

/** Which pods and EndpointSlices of a namespace belong to the workload. */
export interface WorkloadObjects {
  readonly isPod: (object: KubernetesObject) => boolean;
  readonly isSlice: (object: KubernetesObject) => boolean;
}

const specimen: WorkloadObjects = {
  isPod: ({ metadata }) => metadata?.labels?.app === 'web',
  isSlice: ({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === 'web',
};

const watchedIn = (namespace: string, { isPod, isSlice }: WorkloadObjects): Watched[] => [
  {
    source: 'pod',
    apiVersion: 'v1',
    kind: 'Pod',
    namespace,
    path: `/api/v1/namespaces/${namespace}/pods`,
    project: (object) => (isPod(object) ? podState(object) : undefined),
  },
  {
    source: 'endpointslice',
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    project: (object) => (isSlice(object) ? sliceState(object) : undefined),
  },
  {
    source: 'deployment',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace,
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    project: deploymentState,
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
 * Starts all observers. Resolves when all of them observe. No fault may be injected before. Of the pods in the
 * namespace of the helpers, only events are recorded.
 */
export async function observe({
  lab,
  namespace,
  helpersNamespace,
  recorder,
  signal,
  probes,
}: {
  readonly lab: Lab;
  readonly namespace: string;
  readonly helpersNamespace: string;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  readonly probes: Probes;
}): Promise<Observers> {
  const watched = [...watchedIn(namespace, specimen), eventsInAll([namespace, helpersNamespace]), ...watchedOnLab];
  return observing(signal, async (stop) => [
    ...(await Promise.all(watched.map((each) => watch(lab.kube, each, recorder, stop)))),
    watchContainers(lab, recorder, stop),
    watchApiServer(lab.kube, recorder, stop),
    watchReach(lab, () => probeTargets(probes, recorder.observed), recorder, stop),
  ]);
}

/** Starts the observers of one namespace, in any cluster. */
export async function observeNamespace(
  kube: Kube,
  { namespace, workload }: { readonly namespace: string; readonly workload: WorkloadObjects },
  recorder: Recorder,
  signal: AbortSignal,
): Promise<Observers> {
  const watched = [...watchedIn(namespace, workload), eventsIn(namespace)];
  return observing(signal, (stop) => Promise.all(watched.map((each) => watch(kube, each, recorder, stop))));
}

type Started = readonly { readonly ended: Promise<void>; alive?(): Promise<void> }[];

async function observing(signal: AbortSignal, start: (stop: AbortSignal) => Promise<Started>): Promise<Observers> {
  const stopping = new AbortController();
  const started = await start(AbortSignal.any([signal, stopping.signal]));
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
