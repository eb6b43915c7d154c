import type { ImageSource } from '../../harness/model/cluster.ts';
import type { Nodes } from './node-shell.ts';

/** The Corefile without its `forward` block or line, so that external names are not resolved. */
export function withoutForward(corefile: string): string {
  const kept: string[] = [];
  let depth = 0;
  for (const line of corefile.split('\n')) {
    if (depth === 0 && !/^\s*forward\b/.test(line)) {
      kept.push(line);
      continue;
    }
    depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
  }
  return kept.join('\n');
}

/**
 * Stops CoreDNS from resolving external names. Stock pods are replaced, because they may have read the old file. The
 * built CoreDNS cannot forward in any case, and reloads the file by itself.
 */
export async function closeDns(cluster: Nodes, imageSource: ImageSource): Promise<void> {
  const inKubeSystem = '--namespace=kube-system';
  const configMap = await cluster.kubectlJson<{ data: { Corefile: string } }>([
    inKubeSystem,
    'get',
    'configmap',
    'coredns',
  ]);
  const closed = withoutForward(configMap.data.Corefile);
  if (closed === configMap.data.Corefile) return;
  await cluster.kubectl(['replace', '--filename=-'], JSON.stringify({ ...configMap, data: { Corefile: closed } }));
  if (imageSource === 'built') return;
  const pods = ['pods', '--selector=k8s-app=kube-dns', '--grace-period=1', '--wait=false'];
  await cluster.kubectl([inKubeSystem, 'delete', ...pods]);
}
