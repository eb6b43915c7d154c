import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessOutput, Shell } from 'zx';
import { type EngineEnv, shellFor } from '../engine/docker.ts';
import { reason } from '../reason.ts';

/** The way into a cluster's nodes: programs run in them through the engine. */
export interface Nodes {
  readonly $: Shell;
  /** Runs a program on a node. Throws if it fails. */
  run(node: string, command: readonly string[], input?: string): Promise<ProcessOutput>;
  /** Runs kubectl on the control plane; resolves to what it printed. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** The same, parsed. */
  kubectlJson<T>(args: readonly string[]): Promise<T>;
}

export function nodesOf(cluster: string, env: EngineEnv, signal?: AbortSignal): Nodes {
  const $ = shellFor(env, signal);
  const run: Nodes['run'] = (node, command, input) =>
    input === undefined
      ? $`docker exec ${node} ${command}`
      : $({ input })`docker exec --interactive ${node} ${command}`;
  const kubectl: Nodes['kubectl'] = async (args, input) => {
    const command = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', '--request-timeout=10s', ...args];
    return (await run(`${cluster}-control-plane`, command, input)).stdout;
  };
  return {
    $,
    run,
    kubectl,
    kubectlJson: async (args) => JSON.parse(await kubectl([...args, '--output=json'])),
  };
}

/**
 * Asks until the answer is undefined: `look` says what is still wrong, or throws. Ends with the last thing that was
 * wrong, never with a bare “timed out”.
 */
export async function until(
  what: string,
  limitMs: number,
  look: () => Promise<string | undefined>,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    signal?.throwIfAborted();
    const wrong = await look().catch((error) => reason(error));
    signal?.throwIfAborted();
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1000} s. Last seen: ${wrong}`);
    await sleep(300, undefined, { ...(signal && { signal }) });
  }
}
