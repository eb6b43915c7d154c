import type { Ms } from '../model/units.ts';
import { makeFolders, writeWhole } from '../sys/files/write.ts';
import type { V1Pod } from '../sys/kube.ts';
import { isDnsName } from './dns-name.ts';
import type { Lab } from './lab/lab.ts';

const logs = 'logs';
/** Of one node's journal. The API server is asked for as much of a pod's log. */
const maxBytes = 5_000_000;
/** The last ones: far more than a node writes while an arm lasts. */
const maxLines = 20_000;

/**
 * Saves what the arm's pods wrote to their logs, and what kubelet and containerd wrote on every node since the arm began,
 * into `logs` of the arm's folder: as they wrote it, up to 5 MB of each.
 */
export async function collectLogs(
  lab: Lab,
  namespace: string,
  { folder, sinceMs, signal }: { readonly folder: string; readonly sinceMs: Ms; readonly signal: AbortSignal },
): Promise<void> {
  makeFolders(folder, logs);
  const save = (name: string, words: string) => {
    if (isDnsName(name)) writeWhole(folder, `${logs}/${name}.log`, Buffer.from(words).subarray(-maxBytes));
  };
  const { items } = await lab.kube.list<V1Pod>('v1', 'Pod', namespace);
  const since = `-${Math.ceil(sinceMs / 1000)}s`;
  await Promise.all([
    ...items.map(async ({ metadata }) => {
      const pod = metadata?.name ?? '';
      const words = await lab.kube.logs(namespace, pod, false);
      if (words) save(pod, words);
    }),
    ...lab.info.nodes.map(async ({ name }) => {
      const command = ['journalctl', '--no-pager', `--lines=${maxLines}`, '--since', since];
      const words = await lab
        .onNode(name, [...command, '-u', 'kubelet', '-u', 'containerd'], { signal, timeoutMs: 10_000 })
        .then(
          ({ stdout }) => stdout,
          (error: Error) => `${error.message}\n`,
        );
      save(name, words);
    }),
  ]);
}
