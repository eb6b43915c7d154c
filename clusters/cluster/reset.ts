import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { ownCommand } from '../../harness/model/own-command.ts';
import type { Progress } from '../../harness/model/progress.ts';
import { poll } from '../../harness/sys/clock.ts';
import { assertNotMeasured } from '../engine/measuring.ts';
import { bringBackNodes } from './bring-back-nodes.ts';
import { existingCluster } from './existing.ts';
import { nodeRepair } from './node-repair.ts';
import { type Nodes, nodesOf, noProblem } from './node-shell.ts';
import { nameOf, type PrintedList, type PrintedNode } from './printed.ts';
import { assertIdentity } from './profile.ts';
import { removeProof } from './proxy-proof.ts';
import { untilVerified } from './verify.ts';

export interface ResetOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

const goneLimitMs = 60_000;
/** The label of all objects that runs create. */
const runSelector = '--selector=holdfast.dev/run';

/**
 * Returns the cluster to its original state: all nodes run and are schedulable, have their labels and no other taints,
 * nothing of a run is left, and the evidence is empty. Verifies that before it returns. Throws before it changes
 * anything if another owner runs a measurement on the engine.
 */
export async function clusterReset(name: string, { progress, signal }: ResetOptions): Promise<void> {
  const info = existingCluster(name);
  await assertNotMeasured({ env: info.engineEnv }, signal);
  await progress.step('Reset the cluster', () => reset(info, signal));
}

async function reset(info: ClusterInfo, signal?: AbortSignal): Promise<void> {
  await bringBackNodes(info, signal);
  await clearCluster(nodesOf(info, signal), info, signal);
  await untilVerified(info, { signal }).catch((error: Error) => {
    signal?.throwIfAborted();
    throw new Error(`${error.message}\nRemove the cluster, then create it again: ${ownCommand} cluster down`, {
      cause: error,
    });
  });
}

/**
 * Removes all objects and evidence of runs, and restores the nodes. Throws before it changes anything unless the cluster is
 * the recorded one.
 */
export async function clearCluster(cluster: Nodes, info: ClusterInfo, signal?: AbortSignal): Promise<void> {
  await assertIdentity(cluster, info);
  await Promise.all([removeRuns(cluster, signal), removeProof(cluster), restoreNodes(cluster, info)]);
  const clear = ['find', '/evidence', '-mindepth', '1', '-delete'];
  await Promise.all(info.nodes.map(({ name }) => cluster.run(name, clear)));
}

/** Pods are deleted first, without their grace periods. A namespace is removed after its last object. */
async function removeRuns(cluster: Nodes, signal?: AbortSignal): Promise<void> {
  await cluster.kubectl(['delete', 'priorityclasses', runSelector]);
  const list = async (): Promise<string[]> => {
    const found = await cluster.kubectl(['get', 'namespaces', runSelector, '--output=name']);
    return found.split('\n').filter(Boolean);
  };
  const left = await list();
  if (left.length === 0) return;
  for (const namespace of left) {
    const inside = `--namespace=${namespace.replace('namespace/', '')}`;
    await cluster.kubectl([inside, 'delete', 'pods', '--all', '--grace-period=1', '--wait=false']);
  }
  await cluster.kubectl(['delete', 'namespaces', runSelector, '--wait=false']);
  await poll('the namespaces of earlier runs to be deleted', goneLimitMs, signal, () =>
    noProblem(async () => (await list()).join(', ') || undefined),
  );
}

async function restoreNodes(cluster: Nodes, info: ClusterInfo): Promise<void> {
  const { items } = await cluster.kubectlJson<PrintedList<PrintedNode>>(['get', 'nodes']);
  for (const node of info.nodes) {
    const found = items.find((each) => nameOf(each) === node.name);
    const patch = found && nodeRepair(found, node);
    if (patch) await cluster.kubectl(['patch', 'node', node.name, '--type=merge', `--patch=${JSON.stringify(patch)}`]);
  }
}
