import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { reason } from '../reason.ts';
import { nodesOf } from './node-shell.ts';
import { nodesNotReady } from './readiness.ts';
import { nodeContainers } from './remove.ts';
import { readCluster } from './state.ts';

export type ClusterStatus =
  | { readonly state: 'absent' }
  | { readonly state: 'ready'; readonly info: ClusterInfo }
  | { readonly state: 'broken'; readonly info: ClusterInfo; readonly problem: string };

const limitMs = 10_000;

/** What is there, asked of the engine and of the API, not of the record. Changes nothing. */
export async function clusterStatus(name: string, signal?: AbortSignal): Promise<ClusterStatus> {
  const info = readCluster(name);
  if (!info) return { state: 'absent' };
  const limit = AbortSignal.timeout(limitMs);
  const problem = await findProblem(info, signal ? AbortSignal.any([signal, limit]) : limit).catch((error: unknown) => {
    signal?.throwIfAborted();
    return limit.aborted ? `no answer within ${limitMs / 1000} s` : reason(error);
  });
  return problem === undefined ? { state: 'ready', info } : { state: 'broken', info, problem };
}

async function findProblem(info: ClusterInfo, signal: AbortSignal): Promise<string | undefined> {
  const containers = new Map((await nodeContainers(info.engineEnv, info.name, signal)).map((node) => [node.id, node]));
  for (const { name, container } of info.nodes) {
    const state = containers.get(container)?.state ?? 'gone';
    if (state !== 'running') return `node ${name} is ${state}`;
  }
  const cluster = nodesOf(info.name, info.engineEnv, signal);
  return nodesNotReady(
    await cluster.kubectlJson(['get', 'nodes']),
    info.nodes.map(({ name }) => name),
  );
}
