import type { CoreV1Event } from '@kubernetes/client-node';
import type { KubernetesObject } from '../../sys/kube.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../recorder.ts';
import { watchApiServer } from './api-server.ts';
import { watchContainers } from './containers.ts';
import {
  budgetState,
  deploymentState,
  kubernetesEventState,
  leaseState,
  nodeState,
  podState,
  sliceState,
} from './project.ts';
import { type AskedOf, toBeAsked, watchReach } from './reach.ts';
import { type Watched, watch } from './watch.ts';

const nameOf = (object: KubernetesObject) => object.metadata?.name ?? '';
const isWorkload = (object: KubernetesObject) => object.metadata?.labels?.app === 'web';
const isOfWorkload = (slice: KubernetesObject) => slice.metadata?.labels?.['kubernetes.io/service-name'] === 'web';

const watchedIn = (namespace: string): Watched[] => [
  {
    source: 'pod',
    apiVersion: 'v1',
    kind: 'Pod',
    namespace,
    path: `/api/v1/namespaces/${namespace}/pods`,
    subject: nameOf,
    project: (object) => (isWorkload(object) ? podState(object) : undefined),
  },
  {
    source: 'endpointslice',
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    subject: nameOf,
    project: (object) => (isOfWorkload(object) ? sliceState(object) : undefined),
  },
  {
    source: 'deployment',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace,
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    subject: nameOf,
    project: deploymentState,
  },
  {
    source: 'k8s-event',
    apiVersion: 'v1',
    kind: 'Event',
    namespace,
    path: `/api/v1/namespaces/${namespace}/events`,
    subject: (object) => (object as CoreV1Event).involvedObject.name ?? '',
    project: kubernetesEventState,
  },
  {
    source: 'budget',
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    namespace,
    path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    subject: nameOf,
    project: budgetState,
  },
  {
    source: 'lease',
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: 'kube-node-lease',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    subject: nameOf,
    project: leaseState,
  },
  { source: 'node', apiVersion: 'v1', kind: 'Node', path: '/api/v1/nodes', subject: nameOf, project: nodeState },
];

/** Starts everything that looks on. Resolves when all of it does: nothing may be broken before. */
export async function observe({
  lab,
  namespace,
  recorder,
  signal,
  asked,
}: {
  readonly lab: Lab;
  readonly namespace: string;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  readonly asked: AskedOf;
}) {
  const stopping = new AbortController();
  const any = AbortSignal.any([signal, stopping.signal]);
  const watches = await Promise.all(watchedIn(namespace).map((watched) => watch(lab.kube, watched, recorder, any)));
  const others = [
    watchContainers(lab, recorder, any),
    watchApiServer(lab.kube, recorder, any),
    watchReach(lab, () => toBeAsked(asked, recorder.world), recorder, any),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.allSettled([...watches, ...others].map(({ ended }) => ended));
    },
  };
}
