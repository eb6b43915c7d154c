import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterInfo, ClusterNode } from '../../model/cluster.ts';
import { requestFields } from '../../model/request.ts';
import type { KubernetesObject, ObjectRef, V1Deployment, V1Pod, V1Service, V1StatefulSet } from '../../sys/kube.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import type { Lab, NodePower } from '../lab/lab.ts';

const isGenerator = (pod: string): boolean => pod.startsWith('generator-');

/** A cluster whose controllers act at once: replicas become available and rollouts complete immediately. */
class ActingKube extends FakeKube {
  readonly #evidence: string;
  /** Called before each creation. May throw to refuse it. */
  onCreate: (object: KubernetesObject) => void = () => {};
  /** Whether the kubelet admits pods. */
  admits = true;
  /** Whether rollouts make no progress. */
  stuck = false;

  constructor(evidence: string) {
    super();
    this.endsWatchesAfterMs = 20;
    this.#evidence = evidence;
  }

  override async create(object: KubernetesObject): Promise<void> {
    this.onCreate(object);
    await super.create(object);
    if (object.kind === 'Deployment' || object.kind === 'StatefulSet') this.#roll(object as V1Deployment, 1);
    if (object.kind === 'Service') {
      const { spec } = object as V1Service;
      Object.assign(object, { spec: { ...spec, clusterIP: '10.96.0.7', ports: [{ port: 80 }] } });
    }
    if (object.kind === 'Pod') this.#start(object as V1Pod);
  }

  override async patch(ref: ObjectRef, _patch: object): Promise<void> {
    const owner = await this.read<V1Deployment | V1StatefulSet>(ref);
    if (!owner || this.stuck) return;
    this.#roll(owner, 2);
    this.emit({ type: 'MODIFIED', object: owner });
  }

  override async remove(ref: ObjectRef): Promise<void> {
    if (ref.kind === 'Pod' && isGenerator(ref.name) && this.admits)
      appendFileSync(this.#rows(ref.name), '{"footer":true}\n');
    await super.remove(ref);
  }

  #roll(owner: V1Deployment | V1StatefulSet, generation: number): void {
    const replicas = owner.spec?.replicas ?? 0;
    const counts = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    owner.metadata = { uid: `uid-of-${owner.metadata?.name}`, ...owner.metadata, generation };
    owner.status = { observedGeneration: generation, ...counts };
    const namespace = owner.metadata.namespace ?? '';
    this.objects.set(`ReplicaSet/${namespace}/web-${generation}`, this.#replicaSet(owner, generation));
    for (const index of Array(replicas).keys()) {
      const old = this.#pod(namespace, generation - 1, index);
      if (this.objects.delete(`Pod/${namespace}/${old.metadata?.name}`)) this.emit({ type: 'DELETED', object: old });
      const fresh = this.#pod(namespace, generation, index);
      this.objects.set(`Pod/${namespace}/${fresh.metadata?.name}`, fresh);
      this.emit({ type: 'ADDED', object: fresh });
    }
  }

  #replicaSet = ({ metadata }: V1Deployment, revision: number): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${revision}`,
      namespace: metadata?.namespace ?? '',
      labels: { 'pod-template-hash': String(revision) },
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: metadata?.uid ?? '' }],
    },
  });

  #pod = (namespace: string, revision: number, index: number): V1Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${revision}-${index}`,
      namespace,
      labels: { app: 'web', 'pod-template-hash': String(revision) },
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });

  #start(pod: V1Pod): void {
    if (!this.admits) {
      const message = "Node didn't have enough resource: cpu";
      pod.status = { phase: 'Failed', reason: 'OutOfcpu', message };
      return;
    }
    pod.status ??= { phase: 'Running' };
    const { name = '', namespace = '' } = pod.metadata ?? {};
    if (isGenerator(name)) this.#generate(pod);
    const started = {
      involvedObject: { kind: 'Pod', namespace, name },
      reason: 'Started',
      message: '',
      type: 'Normal',
    };
    this.emit({ type: 'ADDED', object: { kind: 'Event', metadata: { name, namespace }, ...started } });
  }

  #rows = (pod: string) => join(this.#evidence, `requests-${pod.replace('generator-', '')}.ndjson`);

  #generate(pod: V1Pod): void {
    const row = requestFields.map((field) => (field === 'code' ? 0 : field === 'err' ? '' : 1));
    const header = { schema: 'holdfast.requests/2', epoch: 0, fields: requestFields };
    writeFileSync(this.#rows(pod.metadata?.name ?? ''), `${JSON.stringify(header)}\n${JSON.stringify(row)}\n`);
  }
}

/** A lab in a folder: one node, an API in memory, and a log of the programs that were run on the node. */
export class FakeLab implements Lab {
  readonly info: ClusterInfo;
  readonly generator: ClusterNode;
  readonly kube: ActingKube;
  readonly commands: string[] = [];
  readonly #evidence: string;

  constructor(folder: string, evidencePath: string) {
    this.#evidence = join(folder, 'evidence');
    mkdirSync(join(this.#evidence, evidencePath), { recursive: true });
    this.kube = new ActingKube(join(this.#evidence, evidencePath));
    this.generator = {
      name: 'lab-control-plane',
      role: 'control-plane',
      ip: '10.213.0.2',
      zone: '',
      rack: '',
      container: 'c0',
      evidence: this.#evidence,
    };
    this.info = {
      name: 'lab',
      nodes: [this.generator],
      generatorNode: this.generator.name,
      images: { k6: 'k6', specimen: 'specimen' },
      identity: { kubeSystemUid: 'kube-system-uid' },
      profile: { proxyMode: 'iptables' },
    } as unknown as ClusterInfo;
  }

  assertOurs = async (): Promise<void> => {};

  followEngine = async (): Promise<void> => {};

  readonly power: NodePower = {
    kill: async (node) => void this.commands.push(`kill ${node}`),
    stop: async (node) => void this.commands.push(`stop ${node}`),
    pause: async (node) => void this.commands.push(`pause ${node}`),
    start: async (node) => void this.commands.push(`start ${node}`),
    state: async () => 'running',
  };

  onNode: Lab['onNode'] = async (node, command) => {
    this.commands.push(`${node}: ${command.join(' ')}`);
    const [program, , path = ''] = command;
    if (program === 'rm')
      rmSync(join(this.#evidence, path.replace('/evidence/', '')), { recursive: true, force: true });
    return { stdout: '', stderr: '', exitCode: 0 };
  };
}
