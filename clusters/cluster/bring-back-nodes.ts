import type { ClusterInfo, ClusterNode } from '../../harness/model/cluster.ts';
import { poll } from '../../harness/sys/clock.ts';
import { nodeContainers } from './containers.ts';
import { tuneGenerator } from './generator.ts';
import { nodesOf, noProblem } from './node-shell.ts';
import { proveProxy } from './proxy-proof.ts';
import { kubeletsSilent, waitUntilReady } from './readiness.ts';

const readyLimitMs = 120_000;

/**
 * Starts nodes that do not run, and waits until every node is Ready. A node that was down for a moment may still be
 * marked Ready, so its kubelet must report first, and kube-proxy is tested again. Throws if a recorded container does
 * not exist any more, even if another one has its name.
 */
export async function bringBackNodes(info: ClusterInfo, signal?: AbortSignal): Promise<void> {
  const cluster = nodesOf(info, signal);
  const names = info.nodes.map(({ name }) => name);
  const since = new Date();
  const started = await startNodes(info, signal);
  if (started.length > 0) {
    await poll('the started nodes to report', readyLimitMs, signal, () =>
      noProblem(async () =>
        kubeletsSilent(await cluster.kubectlJson(['get', 'leases', '--namespace=kube-node-lease']), started, since),
      ),
    );
  }
  await waitUntilReady(cluster, names, readyLimitMs, signal);
  await tuneGenerator(cluster, info.generatorNode, info.nodes);
  if (started.length > 0) await proveProxy(cluster, info.nodes, info.images.specimen, signal);
}

/**
 * Starts nodes one after another in the order of their addresses, so that each gets its own address again. Resolves to
 * their names.
 */
async function startNodes(info: ClusterInfo, signal?: AbortSignal): Promise<string[]> {
  const { $ } = nodesOf(info, signal);
  const states = new Map((await nodeContainers(info.engineEnv, info.name, signal)).map(({ id, state }) => [id, state]));
  const gone = info.nodes.find(({ container }) => !states.has(container));
  if (gone) throw new Error(`the container of node ${gone.name} does not exist`);
  const stopped = [...info.nodes].sort(byAddress).filter(({ container }) => states.get(container) !== 'running');
  for (const { container } of stopped) {
    if (states.get(container) === 'paused') await $`docker unpause ${container}`;
    else await $`docker start ${container}`;
  }
  return stopped.map(({ name }) => name);
}

const lastByte = (ip: string) => Number(ip.split('.').at(-1));
const byAddress = (one: ClusterNode, other: ClusterNode) => lastByte(one.ip) - lastByte(other.ip);
