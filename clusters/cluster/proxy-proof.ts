import type { ClusterNode } from '../../harness/model/cluster.ts';
import { poll } from '../../harness/sys/clock.ts';
import { type Nodes, noProblem } from './node-shell.ts';

const port = 8080;
const labels = { 'holdfast.dev/proof': 'kube-proxy' };
const selector = '--selector=holdfast.dev/proof';

/** The nodes of the pods of the test: one pod on each worker, and at least two. */
const places = (workers: readonly string[]): readonly string[] =>
  workers.length > 1 ? workers : [...workers, ...workers];

/** The manifests of pods behind one ClusterIP. */
function manifests(image: string, nodes: readonly string[]): string {
  const pods = nodes.map((nodeName, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `proof-${index}`, labels },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'specimen',
          image,
          imagePullPolicy: 'Never',
          env: [
            { name: 'POD', value: `proof-${index}` },
            { name: 'EVIDENCE', value: '/tmp' },
          ],
          readinessProbe: { httpGet: { path: '/ready', port }, periodSeconds: 1 },
        },
      ],
    },
  }));
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'proof', labels },
    spec: { selector: labels, ports: [{ port: 80, targetPort: port }] },
  };
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...pods, service] });
}

/**
 * Tests the route from every node through a ClusterIP to the pods of every worker. A kube-proxy whose iptables lacks a
 * library looks healthy and fails at the first Service with two endpoints; a restarted node may lack its routes. The
 * objects of a failed test stay until the next test or reset, for inspection.
 */
export async function proveProxy(
  cluster: Nodes,
  nodes: readonly Pick<ClusterNode, 'name' | 'role'>[],
  image: string,
  signal?: AbortSignal,
): Promise<void> {
  await removeProof(cluster);
  const workers = nodes.filter(({ role }) => role === 'worker').map(({ name }) => name);
  const pods = places(workers);
  await cluster.kubectl(['create', '--filename=-'], manifests(image, pods));
  const service = await cluster.kubectlJson<{ spec: { clusterIP: string } }>(['get', 'service', 'proof']);
  // Enough requests to reach every pod that answers, although the endpoint is chosen at random.
  const url = `http://${service.spec.clusterIP}/[1-${pods.length * 8}]`;
  await Promise.all(
    nodes.map(({ name }) =>
      poll(`every endpoint of a ClusterIP to answer on ${name}`, 60_000, signal, () =>
        noProblem(() => unanswered(cluster, name, { url, endpoints: pods.length })),
      ),
    ),
  );
  await removeProof(cluster);
}

async function unanswered(
  cluster: Nodes,
  node: string,
  { url, endpoints }: { readonly url: string; readonly endpoints: number },
): Promise<string | undefined> {
  const curl = ['curl', '--silent', '--max-time', '1', '--header', 'Connection: close', '--output', '/dev/null'];
  const result = await cluster
    .run(node, [...curl, '--write-out', '%header{x-pod}\n', url])
    .catch((error) => ({ stdout: String(error.stdout ?? '') }));
  const answered = new Set(result.stdout.split('\n').filter(Boolean));
  return answered.size === endpoints ? undefined : `answers from ${[...answered].join(', ') || 'no pod'}`;
}

export async function removeProof(cluster: Nodes): Promise<void> {
  await cluster.kubectl(['delete', 'pods,services', selector, '--grace-period=0', '--force', '--wait']);
}
