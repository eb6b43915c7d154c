import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile } from '../../harness/sys/files/write.ts';
import { stateDir } from '../../harness/sys/paths.ts';
import { makeStateFolder } from '../../harness/sys/state-file.ts';

/** Below the state folder. */
export const clustersFolder = 'clusters';

export const defaultClusterName = 'holdfast';

/** Kubeconfig, evidence and the scheduler's configuration of one cluster. */
export const clusterFolder = (name: string): string => join(stateDir(), clustersFolder, name);
export const kubeconfigFile = (name: string): string => join(clusterFolder(name), 'kubeconfig');
/** Of the run that is touching the cluster, or of one that died doing so. */
export const journalFile = (name: string): string => join(clusterFolder(name), 'journal', 'journal.ndjson');
export const schedulerConfigFile = (name: string): string => join(clusterFolder(name), 'scheduler-config.yaml');
/** Of one node, or of all of them. */
export const evidenceFolder = (name: string, node = ''): string => join(clusterFolder(name), 'evidence', node);

/** A name is part of container, network and file names. Throws if it cannot be. */
export function checkClusterName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(name) && !name.endsWith('-')) return;
  throw new Error(
    `"${name}" is not a valid name of a cluster. Use up to 20 lower-case letters, digits and dashes. Start with a letter, and do not end with a dash.`,
  );
}

/** Makes the cluster's folders, which only we may enter. Nodes get theirs by a mount, and what writes there is root in them. */
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
