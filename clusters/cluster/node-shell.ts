import type { ProcessOutput, Shell } from 'zx';
import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { reason } from '../../harness/model/reason.ts';
import type { Probed } from '../../harness/sys/clock.ts';
import { shellFor } from '../docker/docker.ts';

/** Runs programs in the nodes of a cluster through the engine. */
export interface Nodes {
  readonly $: Shell;
  /** The id of a node's container. Throws if the cluster has no such node. */
  container(node: string): string;
  /** Runs a program on a node. Throws if it fails. */
  run(node: string, command: readonly string[], input?: string): Promise<ProcessOutput>;
  /** Runs kubectl on the control plane; resolves to what it printed. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Runs kubectl on the control plane; resolves to its parsed JSON. */
  kubectlJson<T>(args: readonly string[]): Promise<T>;
}

/**
 * Nodes are found by the ids of their containers, so that another container with the name of a node is never touched.
 */
export function nodesOf({ nodes, engineEnv }: Pick<ClusterInfo, 'nodes' | 'engineEnv'>, signal?: AbortSignal): Nodes {
  const $ = shellFor(engineEnv, signal);
  const container: Nodes['container'] = (name) => {
    const node = nodes.find((each) => each.name === name);
    if (!node) throw new Error(`the cluster has no node ${name}`);
    return node.container;
  };
  const run: Nodes['run'] = async (node, command, input) =>
    input === undefined
      ? await $`docker exec ${container(node)} ${command}`
      : await $({ input })`docker exec --interactive ${container(node)} ${command}`;
  const controlPlane = nodes.find(({ role }) => role === 'control-plane')?.name ?? '';
  const kubectl: Nodes['kubectl'] = async (args, input) => {
    const command = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', '--request-timeout=10s', ...args];
    return (await run(controlPlane, command, input)).stdout;
  };
  return {
    $,
    container,
    run,
    kubectl,
    kubectlJson: async (args) => JSON.parse(await kubectl([...args, '--output=json'])),
  };
}

/**
 * One probe of a cluster that may not answer yet. `look` resolves to what is still wrong, or to undefined. If it throws, that is
 * what is wrong.
 */
export async function noProblem(look: () => Promise<string | undefined>): Promise<Probed<undefined>> {
  const problem = await look().catch(reason);
  return problem === undefined ? { done: undefined } : { problem };
}
