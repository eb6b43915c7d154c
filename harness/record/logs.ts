import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ms } from '../model/units.ts';
import type { V1Pod } from '../sys/kube.ts';
import type { Lab } from './lab.ts';

/** Saves what the arm's pods said, and what kubelet and containerd said on every node since the arm began. */
export async function collectLogs(
  lab: Lab,
  namespace: string,
  { folder, sinceMs, signal }: { readonly folder: string; readonly sinceMs: Ms; readonly signal: AbortSignal },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { items } = await lab.kube.list<V1Pod>('v1', 'Pod', namespace);
  const since = `-${Math.ceil(sinceMs / 1000)}s`;
  await Promise.all([
    ...items.map(async ({ metadata }) => {
      const pod = metadata?.name ?? '';
      const words = await lab.kube.logs(namespace, pod, false);
      if (words) await writeFile(join(folder, `${pod}.log`), words);
    }),
    ...lab.info.nodes.map(async ({ name }) => {
      const command = ['journalctl', '--no-pager', '--since', since, '-u', 'kubelet', '-u', 'containerd'];
      const words = await lab.onNode(name, command, { signal, timeoutMs: 10_000 }).then(
        ({ stdout }) => stdout,
        (error: Error) => `${error.message}\n`,
      );
      await writeFile(join(folder, `${name}.log`), words);
    }),
  ]);
}
