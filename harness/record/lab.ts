import type { ClusterInfo, ClusterNode } from '../model/cluster.ts';
import type { Ms } from '../model/units.ts';
import { type ExecResult, exec } from '../sys/exec.ts';
import { connect, type Kube } from '../sys/kube.ts';

/** A cluster with its ways in: the API, and a program run on a node. */
export interface Lab {
  readonly info: ClusterInfo;
  readonly kube: Kube;
  readonly generator: ClusterNode;
  /** Runs a program on a node. */
  onNode(
    node: string,
    command: readonly string[],
    options: { readonly signal?: AbortSignal; readonly timeoutMs?: Ms },
  ): Promise<ExecResult>;
}

export async function openLab(info: ClusterInfo): Promise<Lab> {
  const generator = info.nodes.find(({ name }) => name === info.generatorNode);
  if (!generator) throw new Error(`cluster ${info.name} has no node ${info.generatorNode} to make traffic on`);
  return {
    info,
    generator,
    kube: await connect(info.kubeconfig),
    onNode: (node, command, options) => exec('docker', ['exec', node, ...command], { ...options, env: info.engineEnv }),
  };
}
