import type { ClusterInfo, ClusterNode } from '../../model/cluster.ts';
import type { NodeContainerState } from '../../model/event.ts';
import type { TrafficSettings } from '../../model/experiment.ts';
import { printable } from '../../model/printable.ts';
import type { Ms } from '../../model/units.ts';
import { type ExecResult, exec, type FollowOptions, follow } from '../../sys/exec.ts';
import { connect, type Kube } from '../../sys/kube.ts';
import { assertOurs } from './identity.ts';

/**
 * A cluster that holdfast created, with the means to act on it: the API, programs on nodes, and the container engine.
 */
export interface Lab {
  readonly info: ClusterInfo;
  readonly kube: Kube;
  readonly generator: ClusterNode;
  /** Runs a program on a node. */
  readonly onNode: (
    node: string,
    command: readonly string[],
    options: { readonly signal?: AbortSignal; readonly timeoutMs?: Ms; readonly input?: string },
  ) => Promise<ExecResult>;
  readonly power: NodePower;
  /** Runs the client of the engine until the signal aborts. Calls `onLine` for each line that it prints. */
  readonly followEngine: (args: readonly string[], options: Omit<FollowOptions, 'env'>) => Promise<void>;
  /**
   * Throws `NotOurs` unless this is the cluster that holdfast created. Called before every injection and every heal.
   */
  readonly assertOurs: (options: { readonly signal: AbortSignal; readonly apiMayBeDown: boolean }) => Promise<void>;
}

/** The same lab with the last worker as the source of traffic. Used if a fault disrupts the control plane. */
export function withTrafficFrom(lab: Lab, from: TrafficSettings['from'] | undefined): Lab {
  if (from !== 'worker') return lab;
  const generator = lab.info.nodes.findLast(({ role }) => role === 'worker');
  if (!generator) throw new Error(`cluster ${lab.info.name} has no worker to send traffic from`);
  return { ...lab, generator };
}

/** Starts and stops the containers of nodes. Each function has no effect if the node is in that state already. */
export interface NodePower {
  /** Sends SIGKILL to all processes at once. */
  kill(node: string, signal: AbortSignal): Promise<void>;
  /** Shuts down through the init system, and sends SIGKILL after `graceSeconds`. */
  stop(node: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
  pause(node: string, signal: AbortSignal): Promise<void>;
  /** Starts or unpauses the container. */
  start(node: string, signal: AbortSignal): Promise<void>;
  state(node: string, signal: AbortSignal): Promise<NodeContainerState['state']>;
}

const engineLimitMs: Ms = 60_000;

/**
 * The id of the container that the node had when the cluster was created. The name may belong to another container by
 * now. Throws if the cluster has no such node.
 */
function containerOf({ name: cluster, nodes }: ClusterInfo, name: string): string {
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new Error(`cluster ${cluster} has no node ${printable(name)}, so nothing was changed`);
  return node.container;
}

function powerOf(info: ClusterInfo): NodePower {
  const { engineEnv } = info;
  const docker = (args: readonly string[], signal: AbortSignal) =>
    exec('docker', args, { signal, env: engineEnv, timeoutMs: engineLimitMs });
  const state: NodePower['state'] = async (node, signal) => {
    const { stdout } = await docker(
      ['inspect', '--type=container', '--format={{.State.Status}}', containerOf(info, node)],
      signal,
    );
    const status = stdout.trim();
    return status === 'running' || status === 'paused' ? status : 'exited';
  };
  return {
    state,
    async kill(node, signal) {
      if ((await state(node, signal)) !== 'exited') await docker(['kill', containerOf(info, node)], signal);
    },
    async stop(node, graceSeconds, signal) {
      await docker(['stop', `--time=${graceSeconds}`, containerOf(info, node)], signal);
    },
    async pause(node, signal) {
      if ((await state(node, signal)) === 'running') await docker(['pause', containerOf(info, node)], signal);
    },
    async start(node, signal) {
      if ((await state(node, signal)) === 'paused') await docker(['unpause', containerOf(info, node)], signal);
      else await docker(['start', containerOf(info, node)], signal);
    },
  };
}

/** All actions of the engine on nodes. Each uses the id of the container. */
export const engineOf = (info: ClusterInfo): Pick<Lab, 'onNode' | 'power' | 'followEngine'> => ({
  async onNode(node, command, { input, ...options }) {
    const interactive = input === undefined ? [] : ['--interactive'];
    return exec('docker', ['exec', ...interactive, containerOf(info, node), ...command], {
      ...options,
      ...(input !== undefined && { input }),
      env: info.engineEnv,
    });
  },
  power: powerOf(info),
  followEngine: (args, options) => follow('docker', args, { ...options, env: info.engineEnv }),
});

export async function openLab(info: ClusterInfo): Promise<Lab> {
  const generator = info.nodes.find(({ name }) => name === info.generatorNode);
  if (!generator) throw new Error(`cluster ${info.name} has no node ${info.generatorNode} to send traffic from`);
  const kube = await connect(info.kubeconfig);
  return {
    info,
    generator,
    kube,
    assertOurs: (options) => assertOurs(info, kube, options),
    ...engineOf(info),
  };
}
