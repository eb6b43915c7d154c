import { z } from 'zod';
import { type ClusterInfo, proxyModes } from '../../harness/model/cluster.ts';
import { ownCommand } from '../../harness/model/own-command.ts';
import { printableJson } from '../../harness/model/printable.ts';
import { quoted } from '../../harness/model/quoted.ts';
import { listFolder } from '../../harness/sys/files/read.ts';
import { stateDir } from '../../harness/sys/paths.ts';
import { readState, statePath, writeState } from '../../harness/sys/state-file.ts';
import type { EngineEnv } from '../docker/docker.ts';
import { plannedNodes } from '../kind/shape.ts';
import { bridgeName, networkName } from '../network/network.ts';
import { engineFolder, privateEngineEnv } from '../private-engine/engine-folder.ts';
import { checkClusterName, clustersFolder, evidenceFolder, kubeconfigFile } from './state.ts';

const extension = '.json';
const recordFile = (name: string) => `${clustersFolder}/${name}${extension}`;

/** Text of one line that can be printed safely. */
const line = z
  .string()
  .max(500)
  .regex(/^\P{Cc}*$/u);
const engineId = z.string().regex(/^[0-9a-f]{64}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const lines = z.record(z.string().regex(/^[\w.-]{1,100}$/), line);

const nodeSchema = z.strictObject({
  name: line,
  role: z.enum(['control-plane', 'worker']),
  ip: z.union([z.ipv4(), z.literal('')]),
  zone: line,
  rack: line,
  container: engineId,
  evidence: z.string(),
});

const profileSchema = z.strictObject({
  imageSource: z.enum(['stock', 'built']),
  kubernetes: line,
  kind: line,
  k6: line,
  containerd: line,
  engine: line,
  kernel: line,
  cgroup: line,
  cni: line,
  proxyMode: z.enum(proxyModes),
  proxyMinSyncPeriod: line,
  nodeTimings: z.enum(['fast', 'defaults']),
  schedulerProfiles: z.array(line).max(20),
  sysctls: lines,
  digests: lines,
});

const recordSchema = z.strictObject({
  name: line,
  createdAt: z.iso.datetime(),
  kubeconfig: z.string(),
  network: z.strictObject({ id: engineId.optional(), name: line, subnet: z.cidrv4(), bridge: line }),
  engineEnv: z.strictObject({ DOCKER_HOST: z.string().optional() }),
  nodes: z.array(nodeSchema).min(1).max(100),
  generatorNode: line,
  images: z.strictObject({ k6: line, specimen: line }),
  identity: z.strictObject({
    kubeSystemUid: z.string().regex(/^[\w-]{1,64}$/),
    caSha256: sha256,
    containers: z.array(engineId).max(100),
  }),
  profile: profileSchema,
});

/**
 * Reads the record of a cluster; undefined if there is none. Paths and the address of the engine are computed and not
 * taken from the record. Throws if the record is damaged.
 */
export function readCluster(name: string): ClusterInfo | undefined {
  checkClusterName(name);
  try {
    const record = readState(recordFile(name), recordSchema);
    return record && believed(name, record);
  } catch (error) {
    throw new Error(
      `The record of cluster ${name} is damaged (${statePath(recordFile(name))}: ${(error as Error).message}). ` +
        `Remove the cluster: ${ownCommand} cluster down --cluster ${quoted(name)}`,
      { cause: error },
    );
  }
}

/** The record, with the values that follow from the name of the cluster. Throws if the record holds other values. */
function believed(name: string, record: z.infer<typeof recordSchema>): ClusterInfo {
  const planned = plannedNodes({ name, workers: record.nodes.length - 1 });
  const network = networkName(name);
  const says = [
    record.name,
    record.network.name,
    record.network.bridge,
    record.generatorNode,
    ...record.nodes.flatMap((node) => [node.name, node.role, node.zone, node.rack]),
    ...record.identity.containers,
  ];
  const mustSay = [
    name,
    network,
    bridgeName(network),
    planned[0]?.name,
    ...planned.flatMap((node) => [node.name, node.role, node.zone, node.rack]),
    ...record.nodes.map(({ container }) => container),
  ];
  if (says.length !== mustSay.length) throw new Error('its identity lists other containers than its nodes');
  const wrong = says.findIndex((each, index) => each !== mustSay[index]);
  if (wrong >= 0) throw new Error(`it says ${printableJson(says[wrong])} instead of ${printableJson(mustSay[wrong])}`);
  return {
    ...record,
    kubeconfig: kubeconfigFile(name),
    engineEnv: believedEngine(record.engineEnv),
    nodes: record.nodes.map((node) => ({ ...node, evidence: evidenceFolder(name, node.name) })),
  };
}

/** The engine in the record: the engine of the environment, or the private one. */
function believedEngine({ DOCKER_HOST }: { readonly DOCKER_HOST?: string | undefined }): EngineEnv {
  if (DOCKER_HOST === undefined) return {};
  const own = privateEngineEnv(engineFolder());
  if (DOCKER_HOST !== own.DOCKER_HOST)
    throw new Error(
      `its engine is ${printableJson(DOCKER_HOST.slice(0, 200))}, but the private engine is ${own.DOCKER_HOST}`,
    );
  return own;
}

/** Names of the recorded clusters, in order; their records are not read. */
export function clusterNames(): string[] {
  return (listFolder(stateDir(), clustersFolder, { maxEntries: 10_000 }) ?? [])
    .filter(({ name, kind }) => kind === 'file' && name.endsWith(extension))
    .map(({ name }) => name.slice(0, -extension.length));
}

export const writeCluster = (info: ClusterInfo): void => writeState(recordFile(info.name), info);
