import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { reason } from '../../harness/model/reason.ts';
import { readCluster } from './record.ts';
import { clusterProblems } from './verify.ts';

export interface ClusterStatus {
  readonly info: ClusterInfo;
  /** The differences from the original state, as sentences. */
  readonly problems: readonly string[];
}

const limitMs = 10_000;

/**
 * The state of a cluster according to the engine, the API and the nodes, and not to the record; undefined if there is
 * none. Changes nothing.
 */
export async function clusterStatus(name: string, signal?: AbortSignal): Promise<ClusterStatus | undefined> {
  const info = readCluster(name);
  if (!info) return undefined;
  const limit = AbortSignal.timeout(limitMs);
  const asked = clusterProblems(info, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  const problems = await asked.catch((error: unknown) => {
    signal?.throwIfAborted();
    return [limit.aborted ? `no answer within ${limitMs / 1000} s` : reason(error)];
  });
  return { info, problems };
}
