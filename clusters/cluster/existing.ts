import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { ownCommand } from '../../harness/model/own-command.ts';
import { quoted } from '../../harness/model/quoted.ts';
import { clusterNames, readCluster } from './record.ts';

/** The recorded cluster of that name. Throws with the names of the existing clusters if there is none. */
export function existingCluster(name: string): ClusterInfo {
  const found = readCluster(name);
  if (found) return found;
  const others = clusterNames();
  const there = others.length > 0 ? `Existing clusters: ${others.join(', ')}.` : 'There are no clusters.';
  throw new Error(
    `There is no cluster ${name}. ${there} Create it: ${ownCommand} cluster up --cluster ${quoted(name)}`,
  );
}
