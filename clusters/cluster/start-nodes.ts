import type { ClusterInfo, ClusterNode } from '../../harness/model/cluster.ts';
import { nodesOf } from './node-shell.ts';
import { nodeContainers } from './remove.ts';

/**
 * Starts the nodes that do not run, one after the other in the order of their addresses, so that each gets its own back.
 * Resolves to whether there was one. Throws if a node is gone for good.
 */
export async function startNodes(info: ClusterInfo, signal?: AbortSignal): Promise<boolean> {
  const { $ } = nodesOf(info.name, info.engineEnv, signal);
  const states = new Map((await nodeContainers(info.engineEnv, info.name, signal)).map(({ id, state }) => [id, state]));
  let started = false;
  for (const { name, container } of [...info.nodes].sort(byAddress)) {
    const state = states.get(container);
    if (state === undefined) throw new Error(`node ${name} is gone`);
    if (state === 'running') continue;
    started = true;
    if (state === 'paused') await $`docker unpause ${container}`;
    else await $`docker start ${container}`;
  }
  return started;
}

const lastByte = (ip: string) => Number(ip.split('.').at(-1));
const byAddress = (one: ClusterNode, other: ClusterNode) => lastByte(one.ip) - lastByte(other.ip);
