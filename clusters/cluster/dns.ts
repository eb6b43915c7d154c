import type { Nodes } from './node-shell.ts';

/** The Corefile without its `forward` block or line: names of the outside are not asked for. */
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

/** Stops CoreDNS from asking the outside, and replaces pods that may have read the old file. */
export async function closeDns(cluster: Nodes): Promise<void> {
  const configMap = await cluster.kubectlJson<{ data: { Corefile: string } }>([
    '--namespace=kube-system',
    'get',
    'configmap',
    'coredns',
  ]);
  const closed = withoutForward(configMap.data.Corefile);
  if (closed === configMap.data.Corefile) return;
  await cluster.kubectl(['replace', '--filename=-'], JSON.stringify({ ...configMap, data: { Corefile: closed } }));
  await cluster.kubectl([
    '--namespace=kube-system',
    'delete',
    'pods',
    '--selector=k8s-app=kube-dns',
    '--grace-period=1',
    '--wait=false',
  ]);
}
