import type { Ms } from '../model/units.ts';
import { makeFolders, writeWhole } from '../sys/files/write.ts';
import type { V1Pod } from '../sys/kube.ts';
import { isDnsName } from './dns-name.ts';
import type { Lab } from './lab/lab.ts';

const logs = 'logs';
/** Bytes of the journal of one node. The API server limits the log of a pod to the same size. */
const maxBytes = 5_000_000;
/** The newest lines: far more than a node writes during an arm. */
const maxLines = 20_000;

/**
 * Saves the logs of the pods in the namespaces of the arm, and the logs of kubelet and containerd on every node since the arm began, in
 * the folder `logs` of the arm. Keeps at most the last 5 MB of each log.
 */
export async function collectLogs(
  lab: Lab,
  namespaces: readonly string[],
  { folder, sinceMs, signal }: { readonly folder: string; readonly sinceMs: Ms; readonly signal: AbortSignal },
): Promise<void> {
  makeFolders(folder, logs);
  const save = (name: string, words: string) => {
    if (isDnsName(name)) writeWhole(folder, `${logs}/${name}.log`, Buffer.from(words).subarray(-maxBytes));
  };
  const pods = await Promise.all(namespaces.map((namespace) => lab.kube.list<V1Pod>('v1', 'Pod', namespace)));
  const since = `-${Math.ceil(sinceMs / 1000)}s`;
  await Promise.all([
    ...pods
      .flatMap(({ items }) => items)
      .map(async ({ metadata }) => {
        const { name: pod = '', namespace = '' } = metadata ?? {};
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
