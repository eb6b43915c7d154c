import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile } from '../../harness/sys/files/write.ts';
import { stateDir } from '../../harness/sys/paths.ts';
import { makeStateFolder } from '../../harness/sys/state-file.ts';

/** The folder of the clusters, below the state folder. */
export const clustersFolder = 'clusters';

export const defaultClusterName = 'holdfast';

/** The folder of one cluster: kubeconfig, evidence and the configuration of the scheduler. */
export const clusterFolder = (name: string): string => join(stateDir(), clustersFolder, name);
export const kubeconfigFile = (name: string): string => join(clusterFolder(name), 'kubeconfig');
/** The journal of the run that changes the cluster, or of a run that crashed. */
export const journalFile = (name: string): string => join(clusterFolder(name), 'journal', 'journal.ndjson');
export const schedulerConfigFile = (name: string): string => join(clusterFolder(name), 'scheduler-config.yaml');
/** The evidence folder of one node, or of all nodes. */
export const evidenceFolder = (name: string, node = ''): string => join(clusterFolder(name), 'evidence', node);

/** Throws if the name of a cluster cannot be part of the names of containers, networks and files. */
export function checkClusterName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(name) && !name.endsWith('-')) return;
  throw new Error(
    `"${name}" is not a valid name of a cluster. Use up to 20 lower-case letters, digits and dashes. Start with a letter, and do not end with a dash.`,
  );
}

/**
 * Creates the folders of the cluster, which only this user can enter. Nodes get theirs as a mount, and processes in
 * nodes write there as root.
 */
export function makeFolders(name: string, nodes: readonly string[]): void {
  makeStateFolder(clustersFolder);
  for (const node of nodes) makeStateFolder(clustersFolder, name, 'evidence', node);
  makeStateFolder(clustersFolder, name, 'evidence');
  makeStateFolder(clustersFolder, name);
}

export async function forgetCluster(name: string): Promise<void> {
  removeFile(stateDir(), `${clustersFolder}/${name}.json`);
  await rm(clusterFolder(name), { recursive: true, force: true });
}
