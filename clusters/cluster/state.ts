import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { stateDir } from '../../harness/sys/paths.ts';

const clustersDir = () => join(stateDir(), 'clusters');
const infoFile = (name: string) => join(clustersDir(), `${name}.json`);

export const defaultClusterName = 'holdfast';

/** Kubeconfig, evidence and the scheduler's configuration of one cluster. */
export const clusterFolder = (name: string): string => join(clustersDir(), name);
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
    `"${name}" cannot be a cluster's name: use up to 20 small letters, digits and dashes, a letter first and no dash last.`,
  );
}

/** What is recorded of a cluster, or undefined if there is none. Throws if the record is damaged. */
export function readCluster(name: string): ClusterInfo | undefined {
  checkClusterName(name);
  const file = infoFile(name);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClusterInfo;
  } catch (error) {
    throw new Error(
      `The record of cluster ${name} is damaged (${file}). Remove the cluster with: holdfast cluster down --cluster ${name}`,
      { cause: error },
    );
  }
}

/** Names of the recorded clusters, in order; their records are not read. */
export function clusterNames(): string[] {
  if (!existsSync(clustersDir())) return [];
  const extension = '.json';
  return readdirSync(clustersDir())
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

export async function writeCluster(info: ClusterInfo): Promise<void> {
  const partial = `${infoFile(info.name)}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(info, null, 2)}\n`);
  await rename(partial, infoFile(info.name));
}

/** Makes the cluster's folders. Pods of any user write evidence, and remove only their own. */
export async function makeFolders(name: string, nodes: readonly string[]): Promise<void> {
  await mkdir(clusterFolder(name), { recursive: true });
  for (const node of nodes) {
    await mkdir(evidenceFolder(name, node), { recursive: true });
    await chmod(evidenceFolder(name, node), 0o1777);
  }
}

export async function forgetCluster(name: string): Promise<void> {
  await rm(infoFile(name), { force: true });
  await rm(clusterFolder(name), { recursive: true, force: true });
}
