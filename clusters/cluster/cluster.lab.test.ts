import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterInfo } from '../../harness/model/cluster.ts';
import type { Progress } from '../../harness/model/progress.ts';
import { shellFor } from '../docker/docker.ts';
import { findOrStartEngine } from '../engine/engine.ts';
import { knownOwner, ownerLabel } from '../engine/owner.ts';
import { egressCounters } from '../network/egress.ts';
import { hostOf } from '../network/host.ts';
import { bridgeName, networkName } from '../network/network.ts';
import { clusterDown } from './down.ts';
import { type Nodes, nodesOf } from './node-shell.ts';
import { readCluster } from './record.ts';
import { clusterReset } from './reset.ts';
import { clusterFolder } from './state.ts';
import { clusterStatus } from './status.ts';
import { type ClusterUpOptions, clusterUp } from './up.ts';

const name = 'lab-test';
const worker = `${name}-worker`;
const progress: Progress = { plan() {}, note() {}, now() {}, step: (_title, work) => work() };
const wanted: ClusterUpOptions = {
  name,
  workers: 1,
  image: 'built',
  kubernetes: '1.37',
  nodeTimings: 'fast',
  proxyMode: 'iptables',
  install: true,
  progress,
};

/** When the last cluster is removed, a private engine also stops, and must report that nothing is left. */
async function assertNothingLeft() {
  const { env } = await findOrStartEngine({ install: false, progress });
  const $ = shellFor(env);
  const containers = await $`docker ps --all --quiet --filter label=io.x-k8s.kind.cluster=${name}`;
  assert.equal(containers.stdout, '');
  const network = { name: networkName(name), bridge: bridgeName(networkName(name)), subnet: '192.0.2.0/24' };
  const networks = await $`docker network ls --format ${'{{.Name}}'}`;
  assert.ok(!networks.stdout.split('\n').includes(network.name));
  assert.ok(!existsSync(`/sys/class/net/${network.bridge}`));
  await assert.rejects(egressCounters(hostOf({ env }), network), /not blocked/);
  assert.equal(readCluster(name), undefined);
  assert.ok(!existsSync(clusterFolder(name)));
}

describe('a lab cluster whose creation is interrupted', function () {
  this.timeout('15m');

  for (const afterMs of [1_500, 8_000]) {
    it(`leaves nothing after ${afterMs / 1000} s`, async () => {
      const abort = new AbortController();
      const interrupting: Progress = {
        ...progress,
        step: (title, work) => {
          if (title.startsWith('Create ')) setTimeout(() => abort.abort(new Error('interrupted')), afterMs);
          return work();
        },
      };
      await assert.rejects(clusterUp({ ...wanted, progress: interrupting, signal: abort.signal }), /interrupted/);
      await sleep(2_000);
      await assertNothingLeft();
    });
  }
});

describe('a lab cluster', function () {
  this.timeout('15m');
  let info: ClusterInfo;
  let nodes: Nodes;

  before(async () => {
    info = await clusterUp(wanted);
    nodes = nodesOf(info);
  });

  after(() => clusterDown(name, { progress }));

  const nodeState = async () => {
    const found = await nodes.kubectlJson<{ spec: object; metadata: { labels: object } }>(['get', 'node', worker]);
    return { spec: found.spec, labels: found.metadata.labels };
  };
  const evidence = (node: string) => readdir(info.nodes.find((known) => known.name === node)?.evidence ?? '');

  it('is ready and recorded', async () => {
    assert.deepEqual(readCluster(name), info);
    assert.deepEqual(await clusterStatus(name), { info, problems: [] });
    assert.equal(info.nodes.length, 2);
    const owner = `label=${ownerLabel}=${knownOwner()}`;
    const labelled = await nodes.$`docker ps --no-trunc --quiet --filter ${owner} --filter name=${name}`;
    assert.deepEqual(labelled.stdout.trim().split('\n').sort(), info.nodes.map(({ container }) => container).sort());
    const network = await nodes.$`docker network ls --no-trunc --quiet --filter ${owner} --filter name=${name}`;
    assert.equal(network.stdout.trim(), info.network.id);
  });

  it('hides its secrets from other users', async () => assert.equal((await stat(info.kubeconfig)).mode & 0o777, 0o600));

  it('is kept if it is requested again', async () => {
    assert.deepEqual((await clusterUp(wanted)).identity, info.identity);
  });

  it('does not resolve external names', async () => {
    const corefile = await nodes.kubectl(['--namespace=kube-system', 'get', 'configmap', 'coredns', '--output=yaml']);
    assert.ok(!corefile.includes('forward'));
  });

  it('forgets a SYN quickly on the node of the generators', async () => {
    const said = await nodes.run(info.generatorNode, [
      'sysctl',
      '-n',
      'net.netfilter.nf_conntrack_tcp_timeout_syn_sent',
    ]);
    assert.equal(said.stdout.trim(), '3');
  });

  it('protects evidence from everyone except root in a node, and a reset clears it', async () => {
    const asAnother = ['setpriv', '--reuid=4711', '--clear-groups', 'touch', '/evidence/row'];
    await assert.rejects(nodes.run(worker, asAnother), /Permission denied/);
    await nodes.run(worker, ['touch', '/evidence/row']);
    assert.deepEqual(await evidence(worker), ['row']);
    await clusterReset(name, { progress });
    assert.deepEqual(await evidence(worker), []);
  });

  it('is in its original state after a reset', async () => {
    const before = await nodeState();
    await nodes.kubectl(['create', 'namespace', 'leftover']);
    await nodes.kubectl(['label', 'namespace', 'leftover', 'holdfast.dev/run=x']);
    await nodes.kubectl(['create', 'namespace', 'kept']);
    await nodes.kubectl(['create', 'priorityclass', 'left', '--value=1']);
    await nodes.kubectl(['label', 'priorityclass', 'left', 'holdfast.dev/run=x']);
    await nodes.kubectl(['cordon', worker]);
    await nodes.kubectl(['taint', 'node', worker, 'broken=yes:NoExecute']);
    await nodes.kubectl(['label', 'node', worker, 'rack=other', '--overwrite']);
    await clusterReset(name, { progress });
    assert.deepEqual(await nodeState(), before);
    const namespaces = await nodes.kubectl(['get', 'namespaces', '--output=name']);
    assert.ok(!namespaces.includes('leftover'));
    assert.ok(!(await nodes.kubectl(['get', 'priorityclasses', '--output=name'])).includes('/left'));
    assert.ok(namespaces.includes('kept'));
  });

  it('recovers from a killed node and from a paused node', async () => {
    await nodes.$`docker kill ${worker}`;
    assert.notDeepEqual((await clusterStatus(name))?.problems, []);
    await clusterReset(name, { progress });
    assert.deepEqual((await clusterStatus(name))?.problems, []);
    await nodes.$`docker pause ${worker}`;
    assert.deepEqual((await clusterUp(wanted)).identity, info.identity);
  });

  it('is created again when a node is lost', async () => {
    await nodes.$`docker rm --force --volumes ${worker}`;
    const again = await clusterUp(wanted);
    assert.notDeepEqual(again.identity, info.identity);
    info = again;
    nodes = nodesOf(info);
  });

  it('leaves nothing when it is removed, also twice', async () => {
    await clusterDown(name, { progress });
    await assertNothingLeft();
    await clusterDown(name, { progress });
  });
});
