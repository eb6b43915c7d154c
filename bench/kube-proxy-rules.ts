/**
 * Records what nft prints about the rules of a real kube-proxy, without a cluster. kube-proxy runs in its own network
 * namespace, against an API that this program simulates. The fixtures in harness/recording/testing were made with it.
 * Run it as root:
 *
 *   tar -xf ~/.cache/holdfast/artefacts/rootfs-HASH/rootfs.tar -C ROOT --exclude ./dev
 *   cp ~/.cache/holdfast/artefacts/kubernetes-HASH/kube-proxy ROOT/usr/local/bin/
 *   mkdir -p ROOT/dev; mknod -m 666 ROOT/dev/null c 1 3
 *   unshare --net --mount sh -c 'ip link set lo up; mount -t proc proc ROOT/proc; node bench/kube-proxy-rules.ts MODE ROOT'
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { linesOfServices } from '../harness/record/traffic/rules.ts';

const [mode = '', root = ''] = process.argv.slice(2);
const port = 8001;
const node = 'lab-control-plane';
const namespace = 'hf-test';

interface Meta {
  readonly namespace?: string;
  readonly name: string;
  readonly [key: string]: unknown;
}
interface Thing {
  readonly metadata: Meta;
  readonly [key: string]: unknown;
}

/** A resource that kube-proxy requests, with its open watches. */
const resource = (apiVersion: string, kind: string) => ({
  apiVersion,
  kind,
  things: new Map<string, Thing>(),
  watchers: new Set<ServerResponse>(),
});
const resources = {
  '/api/v1/nodes': resource('v1', 'Node'),
  '/api/v1/services': resource('v1', 'Service'),
  '/apis/discovery.k8s.io/v1/endpointslices': resource('discovery.k8s.io/v1', 'EndpointSlice'),
  '/apis/networking.k8s.io/v1/servicecidrs': resource('networking.k8s.io/v1', 'ServiceCIDR'),
};
type Path = keyof typeof resources;

let version = 1;

function tell(path: Path, type: string, thing: Thing): void {
  for (const watcher of resources[path].watchers) watcher.write(`${JSON.stringify({ type, object: thing })}\n`);
}

function put(path: Path, thing: Thing): void {
  const { apiVersion, kind, things } = resources[path];
  const key = `${thing.metadata.namespace ?? ''}/${thing.metadata.name}`;
  const type = things.has(key) ? 'MODIFIED' : 'ADDED';
  version += 1;
  const whole = {
    apiVersion,
    kind,
    ...thing,
    metadata: { uid: key, ...thing.metadata, resourceVersion: `${version}` },
  };
  things.set(key, whole);
  tell(path, type, whole);
}

function remove(path: Path, key: string): void {
  const thing = resources[path].things.get(key);
  resources[path].things.delete(key);
  version += 1;
  if (thing) tell(path, 'DELETED', { ...thing, metadata: { ...thing.metadata, resourceVersion: `${version}` } });
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://api');
  const found = resources[url.pathname as Path];
  response.setHeader('content-type', 'application/json');
  if (!found) {
    const one = resources['/api/v1/nodes'].things.get(url.pathname.replace('/api/v1/nodes', ''));
    response.statusCode = one ? 200 : 404;
    response.end(JSON.stringify(one ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound' }));
    return;
  }
  const { apiVersion, kind, things, watchers } = found;
  const now = { resourceVersion: `${version}` };
  if (!url.searchParams.has('watch')) {
    response.end(JSON.stringify({ apiVersion, kind: `${kind}List`, metadata: now, items: [...things.values()] }));
    return;
  }
  if (url.searchParams.get('sendInitialEvents') === 'true') {
    const last = { ...now, annotations: { 'k8s.io/initial-events-end': 'true' } };
    for (const object of things.values()) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { apiVersion, kind, metadata: last } })}\n`);
  }
  response.flushHeaders();
  watchers.add(response);
  response.on('close', () => watchers.delete(response));
});
await new Promise<void>((listens) => server.listen(port, '127.0.0.1', listens));

function service(name: string, clusterIP: string, more: object = {}): void {
  const ports = [{ name: '', port: 80, targetPort: 8080, protocol: 'TCP' }];
  const spec = { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP], ipFamilies: ['IPv4'], ports, ...more };
  put('/api/v1/services', {
    metadata: { namespace, name },
    spec: { internalTrafficPolicy: 'Cluster', sessionAffinity: 'None', ...spec },
  });
}

function endpoints(name: string, ...addresses: readonly string[]): void {
  put('/apis/discovery.k8s.io/v1/endpointslices', {
    metadata: { namespace, name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true }, nodeName: 'lab-worker' })),
  });
}

const address = '10.96.0.20';
const byClient = {
  sessionAffinity: 'ClientIP',
  sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
};

/** What happens while the monitor listens, in order. */
const steps: readonly (() => void)[] = [
  () => endpoints('web', '10.244.5.5', '10.244.6.5', '10.244.6.6'),
  () => service('dependency', '10.96.0.30'),
  () => endpoints('dependency', '10.244.4.9', '10.244.5.9'),
  () => endpoints('web', '10.244.6.6'),
  () => endpoints('web'),
  () => endpoints('web', '10.244.4.7', '10.244.5.7'),
  () => {
    remove('/api/v1/services', `${namespace}/web`);
    remove('/apis/discovery.k8s.io/v1/endpointslices', `${namespace}/web-x`);
  },
  () => {
    service('web', address);
    endpoints('web', '10.244.4.8');
  },
  () => service('web', address, byClient),
  () => endpoints('web', '10.244.4.8', '10.244.5.8', '10.244.6.8'),
  () => endpoints('web', '10.244.5.8'),
  () => endpoints('web'),
];

const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
put('/api/v1/nodes', { metadata: { name: node }, spec: { podCIDR: '10.244.2.0/24' }, status: { addresses } });
put('/apis/networking.k8s.io/v1/servicecidrs', { metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16'] } });
service('web', address);
endpoints('web', '10.244.4.5', '10.244.5.5', '10.244.6.5');

const json = 'application/json';
const config = {
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode,
  hostnameOverride: node,
  clusterCIDR: '10.244.0.0/16',
  clientConnection: { kubeconfig: '/kubeconfig', contentType: json, acceptContentTypes: json },
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
};
const kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'it', cluster: { server: `http://127.0.0.1:${port}` } }],
  contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
  users: [{ name: 'it', user: {} }],
  'current-context': 'it',
};
writeFileSync(join(root, 'config'), JSON.stringify(config));
writeFileSync(join(root, 'kubeconfig'), JSON.stringify(kubeconfig));

/** Prints each line with the time at which it arrived, as the journal of systemd does. */
function printed(program: string, args: readonly string[]) {
  const child = spawn('chroot', [root, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const micros = Math.round((performance.timeOrigin + performance.now()) * 1000);
    const stamp = `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
    for (const kept of linesOfServices(`${stamp} ${program}[${child.pid}]: ${line}`, mode)) console.log(kept);
  });
  return child;
}

const proxy = spawn('chroot', [root, 'kube-proxy', '--config=/config'], { stdio: ['ignore', 'ignore', 'ignore'] });
await sleep(4000);
const said = await fetch('http://127.0.0.1:10249/proxyMode').then((answer) => answer.text());
console.error(`kube-proxy runs in ${said} mode`);
const [monitored, table] = mode === 'nftables' ? [[], 'kube-proxy'] : [['rules'], 'nat'];
const monitor = printed('nft', ['monitor', ...monitored]);
await sleep(500);
printed('nft', ['list', 'table', 'ip', table]);
for (const step of steps) {
  await sleep(1700);
  step();
}
await sleep(1700);
for (const child of [monitor, proxy]) child.kill();
server.closeAllConnections();
server.close();
