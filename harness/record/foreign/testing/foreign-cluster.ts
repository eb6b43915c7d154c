import { digestOf } from '../../../model/digest.ts';
import type { OwnerKind } from '../../../model/owner.ts';
import type {
  KubernetesObject,
  ObjectRef,
  Operation,
  V1Deployment,
  V1EndpointSlice,
  V1Pod,
} from '../../../sys/kube.ts';
import { FakeKube } from '../../../sys/testing/kube.ts';
import { authority } from '../../../sys/testing/kubeconfig.ts';

const namespace = 'shop';
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const revisionLabel = { Deployment: 'pod-template-hash', StatefulSet: 'controller-revision-hash' } as const;
const numberOf = ({ metadata }: KubernetesObject): number => Number(metadata?.annotations?.[revisionAnnotation]);

/**
 * A cluster that holdfast did not create: a Deployment or StatefulSet of two replicas behind a Service, whose controllers
 * act at once.
 */
export class SomebodysKube extends FakeKube {
  #made = 0;
  readonly kind: OwnerKind;

  constructor(kind: OwnerKind = 'Deployment') {
    super();
    this.kind = kind;
    this.caCertificate = authority(0);
    const put = (object: { kind: string; metadata: { name: string; namespace?: string } }) =>
      this.objects.set(`${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`, object);
    const metadata = { name: 'web', namespace };
    const labels = { app: 'web' };
    put({ kind: 'Namespace', metadata: { name: 'kube-system', ...{ uid: 'uid-1' } } });
    const address = { clusterIP: '10.96.0.9', ipFamilies: ['IPv4'], ports: [{ port: 80, targetPort: 8080 }] };
    put({ kind: 'Service', metadata, ...{ spec: { selector: labels, ...address } } });
    const spec = { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels: { ...labels } } } };
    put({ kind, metadata: { ...metadata, ...{ uid: 'uid-of-web', generation: 1 } }, ...{ spec } });
    this.#reconcile();
  }

  /** A StatefulSet has the same fields. */
  get owner(): V1Deployment {
    return this.objects.get(`${this.kind}/shop/web`) as V1Deployment;
  }

  get pods(): readonly V1Pod[] {
    return [...this.objects.values()].filter(({ kind }) => kind === 'Pod') as V1Pod[];
  }

  /** The newest first. */
  get replicaSets(): readonly KubernetesObject[] {
    const all = [...this.objects.values()].filter(({ kind }) => kind === 'ReplicaSet');
    return all.sort((one, other) => numberOf(other) - numberOf(one));
  }

  /** Gives the Deployment another template. */
  release(template: object): void {
    Object.assign(this.owner.spec ?? {}, { template: structuredClone(template) });
    this.#changed();
  }

  override async patch(ref: ObjectRef, patch: object): Promise<void> {
    await super.patch(ref, patch);
    this.#changed();
  }

  override async jsonPatch(ref: ObjectRef, operations: readonly Operation[]): Promise<void> {
    await super.jsonPatch(ref, operations);
    this.#changed();
  }

  override async remove(ref: ObjectRef): Promise<void> {
    this.#delete(ref.name);
    this.#reconcile();
  }

  #changed(): void {
    const { metadata, spec } = this.owner;
    if (metadata) metadata.generation = (metadata.generation ?? 0) + 1;
    // API servers omit empty maps.
    const template = spec?.template.metadata;
    if (template?.annotations && Object.keys(template.annotations).length === 0) delete template.annotations;
    this.#reconcile();
  }

  /** Does what the controllers of the cluster do. */
  #reconcile(): void {
    const { owner } = this;
    const replicas = owner.spec?.replicas ?? 0;
    const hash = this.#revise(owner);
    const labels = { ...owner.spec?.template.metadata?.labels, [revisionLabel[this.kind]]: hash };
    for (const pod of this.pods) {
      const old = pod.metadata?.labels?.[revisionLabel[this.kind]] !== hash;
      if (old || this.pods.length > replicas) this.#delete(pod.metadata?.name ?? '');
    }
    while (this.pods.length < replicas) this.#add({ ...labels });
    owner.status = {
      ...(this.kind === 'StatefulSet' && { updateRevision: hash }),
      observedGeneration: owner.metadata?.generation ?? 0,
      ...{ replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
    };
    this.emit({ type: 'MODIFIED', object: owner });
    const slice = this.#slice();
    this.objects.set('EndpointSlice/shop/web', slice);
    this.emit({ type: 'MODIFIED', object: slice });
  }

  /** Returns the hash of the current template. Makes the ReplicaSet of a Deployment with it the newest one. */
  #revise({ metadata, spec }: V1Deployment): string {
    const { template } = spec ?? {};
    const hash = digestOf(template).slice(0, 10);
    const [newest] = this.replicaSets;
    if (this.kind === 'StatefulSet' || newest?.metadata?.name === `web-${hash}`) return hash;
    const labels = { ...template?.metadata?.labels, 'pod-template-hash': hash };
    this.objects.set(`ReplicaSet/${namespace}/web-${hash}`, {
      kind: 'ReplicaSet',
      metadata: {
        name: `web-${hash}`,
        namespace,
        uid: `uid-of-${hash}`,
        labels,
        annotations: { [revisionAnnotation]: String(newest ? numberOf(newest) + 1 : 1) },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: metadata?.uid ?? '' }],
      },
      ...{ spec: { template: structuredClone({ ...template, metadata: { ...template?.metadata, labels } }) } },
    });
    return hash;
  }

  #add(labels: { [key: string]: string }): void {
    const name = this.kind === 'Deployment' ? `web-${++this.#made}` : this.#freeName();
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    const pod: V1Pod = {
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { nodeName: 'n1', containers: [] },
      status,
    };
    this.objects.set(`Pod/${namespace}/${name}`, pod);
    this.emit({ type: 'ADDED', object: pod });
  }

  /** The name of a deleted pod is used again. */
  #freeName(ordinal = 0): string {
    const name = `web-${ordinal}`;
    return this.objects.has(`Pod/${namespace}/${name}`) ? this.#freeName(ordinal + 1) : name;
  }

  #delete(name: string): void {
    const pod = this.objects.get(`Pod/${namespace}/${name}`);
    this.objects.delete(`Pod/${namespace}/${name}`);
    if (pod) this.emit({ type: 'DELETED', object: pod });
  }

  #slice(): V1EndpointSlice {
    return {
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: { name: 'web', namespace, labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: this.pods.map(({ metadata }) => ({
        addresses: ['10.0.0.1'],
        targetRef: { name: metadata?.name ?? '' },
        conditions: { ready: true },
      })),
    };
  }
}
