import type { ClusterInfo, ClusterNode } from '../../model/cluster.ts';
import type { NodeContainerState } from '../../model/event.ts';
import type { TrafficSettings } from '../../model/experiment.ts';
import { printable } from '../../model/printable.ts';
import type { Ms } from '../../model/units.ts';
import { type ExecResult, exec, type FollowOptions, follow } from '../../sys/exec.ts';
import { connect, type Kube } from '../../sys/kube.ts';
import { assertOurs } from './identity.ts';

/** A cluster of our own with its ways in: the API, a program run on a node, the engine that runs the nodes. */
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
  /** Runs the engine's client until the signal and hands over each line that it says. */
  readonly followEngine: (args: readonly string[], options: Omit<FollowOptions, 'env'>) => Promise<void>;
  /** Throws `NotOurs` unless this is the cluster that was made: asked before every injection and every heal. */
  readonly assertOurs: (options: { readonly signal: AbortSignal; readonly apiMayBeDown: boolean }) => Promise<void>;
}

/** The same lab with its traffic made on another node: the last worker, where the control plane is to be hurt. */
export function withTrafficFrom(lab: Lab, from: TrafficSettings['from'] | undefined): Lab {
  if (from !== 'worker') return lab;
  const generator = lab.info.nodes.findLast(({ role }) => role === 'worker');
  if (!generator) throw new Error(`cluster ${lab.info.name} has no worker to send traffic from`);
  return { ...lab, generator };
}

/** The engine's hands on a node's container. Each does nothing where the node is in that state already. */
export interface NodePower {
  /** SIGKILL to all of it, at once. */
  kill(node: string, signal: AbortSignal): Promise<void>;
  /** The orderly end of its init system, and SIGKILL after so long. */
  stop(node: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
  pause(node: string, signal: AbortSignal): Promise<void>;
  /** From exited or paused to running. */
  start(node: string, signal: AbortSignal): Promise<void>;
  state(node: string, signal: AbortSignal): Promise<NodeContainerState['state']>;
}

const engineLimitMs: Ms = 60_000;

/**
 * The id that a node's container had when the cluster was made: a name may belong to another container by now. Throws for
 * a node that the cluster does not have, whatever a journal or a pod says.
 */
function containerOf({ name: cluster, nodes }: ClusterInfo, name: string): string {
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new Error(`cluster ${cluster} has no node ${printable(name)}: nothing is done there`);
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

/** All that the engine is asked to do to nodes, each by the id of its container. */
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
