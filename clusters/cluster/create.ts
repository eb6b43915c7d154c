import { chmod, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reason } from '../../harness/model/reason.ts';
import { writeWhole } from '../../harness/sys/files/write.ts';
import { cacheDir } from '../../harness/sys/paths.ts';
import { type EngineEnv, shellFor } from '../docker/docker.ts';
import { type KindConfigInput, kindConfig } from '../kind/config.ts';
import { ownerEnv } from '../kind/owner.ts';
import { schedulerConfig } from '../kind/scheduler-config.ts';
import { plannedNodes } from '../kind/shape.ts';
import type { LabNetwork } from '../network/network.ts';
import { nodeContainers } from './containers.ts';
import { clusterFolder, evidenceFolder, kubeconfigFile, makeFolders, schedulerConfigFile } from './state.ts';

const creationLimitMs = 10_000;

/** Runs kind, which creates the containers and joins the nodes. Returns before the workers are Ready, like kind. */
export async function createWithKind(
  options: Omit<KindConfigInput, 'evidence' | 'schedulerConfig'> & {
    readonly kind: string;
    readonly nodeImage: string;
    readonly env: EngineEnv;
    readonly network: LabNetwork;
    /** Our owner id, which each container gets as a label. */
    readonly owner: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { kind, nodeImage, env, network, name, owner } = options;
  const nodes = plannedNodes(options).map((node) => node.name);
  makeFolders(name, nodes);
  writeWhole(clusterFolder(name), basename(schedulerConfigFile(name)), schedulerConfig());
  const config = kindConfig({
    ...options,
    evidence: (node) => evidenceFolder(name, node),
    schedulerConfig: schedulerConfigFile(name),
  });
  const kindEnv = { ...env, ...(await ownerEnv(owner, env)), KIND_EXPERIMENTAL_DOCKER_NETWORK: network.name };
  const $ = shellFor(kindEnv, options.signal);
  const kubeconfig = kubeconfigFile(name);
  try {
    await $({
      input: config,
    })`${kind} create cluster --name ${name} --image ${nodeImage} --kubeconfig ${kubeconfig} --config - --retain`;
  } catch (error) {
    if (options.signal?.aborted) {
      await untilStarted(env, name, nodes.length);
      throw options.signal.reason;
    }
    const logs = join(cacheDir(), 'logs', name);
    await rm(logs, { recursive: true, force: true });
    await $({ nothrow: true })`${kind} export logs ${logs} --name ${name}`;
    throw new Error(`kind could not create the nodes. ${reason(error)}\nTheir logs are in ${logs}.`, { cause: error });
  }
  await chmod(kubeconfig, 0o600);
}

/**
 * kind starts all nodes at the same time, and its docker clients continue after kind was killed. A container that is
 * removed too early appears again, so the caller must wait for this function.
 */
async function untilStarted(env: EngineEnv, cluster: string, count: number): Promise<void> {
  const deadline = Date.now() + creationLimitMs;
  const started = async () =>
    (await nodeContainers(env, cluster)).filter(({ state }) => state !== 'created').length === count;
  while (Date.now() < deadline && !(await started())) await sleep(300);
}
