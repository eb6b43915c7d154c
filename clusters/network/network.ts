import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { shellFor } from '../engine/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { linkNames } from '../engine/host-changes.ts';
import { reason } from '../reason.ts';
import { openEgress } from './egress.ts';
import type { Host } from './host.ts';
import { type Block, freeSubnet, parseBlock, parseRoutes } from './subnet.ts';

export interface LabNetwork {
  readonly name: string;
  readonly subnet: string;
  readonly bridge: string;
}

const ownerLabel = 'io.holdfast.cluster';

export const networkName = (cluster: string): string => (cluster === 'holdfast' ? 'holdfast' : `holdfast-${cluster}`);

/** An interface name has at most 15 bytes, so a longer network name is shortened to a digest. */
export const bridgeName = (network: string): string =>
  network === 'holdfast' ? 'holdfast0' : `hf-${createHash('sha256').update(network).digest('hex').slice(0, 8)}`;

interface InspectedNetwork {
  readonly Name: string;
  readonly Labels: Record<string, string> | null;
  readonly Options: Record<string, string> | null;
  readonly IPAM: { readonly Config: readonly { readonly Subnet?: string }[] | null };
}

/** The lab's part of what `docker network inspect` printed. Throws if a network has that name but is not of this cluster. */
export function labNetwork(inspected: InspectedNetwork, cluster: string): LabNetwork {
  const subnet = inspected.IPAM.Config?.[0]?.Subnet;
  const bridge = inspected.Options?.['com.docker.network.bridge.name'];
  if (inspected.Labels?.[ownerLabel] !== cluster || !subnet || !bridge) {
    throw new Error(
      `The engine has a network "${inspected.Name}" that holdfast did not make. ` +
        `Remove it (docker network rm ${inspected.Name}) or choose another cluster name.`,
    );
  }
  return { name: inspected.Name, subnet, bridge };
}

/** Subnets of networks, IPv4 only, from what `docker network inspect` printed. */
export const subnetsOf = (inspected: readonly InspectedNetwork[]): Block[] =>
  inspected
    .flatMap(({ IPAM }) => IPAM.Config ?? [])
    .flatMap(({ Subnet }) => (Subnet && !Subnet.includes(':') ? [parseBlock(Subnet)] : []));

async function inspectNetworks(engine: Pick<Engine, 'env'>, signal?: AbortSignal): Promise<InspectedNetwork[]> {
  const shell = shellFor(engine.env, signal);
  const ids = (await shell`docker network ls --no-trunc --quiet`).stdout.trim().split('\n');
  return JSON.parse((await shell`docker network inspect ${ids}`).stdout) as InspectedNetwork[];
}

/** The cluster's own network: found, or made on a subnet that neither the host nor another network uses. Its nodes keep their addresses. */
export async function ensureNetwork(
  engine: Pick<Engine, 'env'>,
  cluster: string,
  signal?: AbortSignal,
): Promise<LabNetwork> {
  const name = networkName(cluster);
  const networks = await inspectNetworks(engine, signal);
  const found = networks.find(({ Name }) => Name === name);
  if (found) return labNetwork(found, cluster);

  const routes = parseRoutes(await readFile('/proc/net/route', 'utf8'));
  const subnet = freeSubnet([...routes, ...subnetsOf(networks)]);
  const bridge = bridgeName(name);
  const driver = (key: string, value: string) => ['--opt', `com.docker.network.bridge.${key}=${value}`];
  const options = [...driver('name', bridge), ...driver('enable_ip_masquerade', 'true')];
  const shell = shellFor(engine.env, signal);
  try {
    await shell`docker network create --driver bridge --subnet ${subnet} --label ${ownerLabel}=${cluster} ${options} ${name}`;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`The engine did not make network ${name} on ${subnet}: ${reason(error)}`, { cause: error });
  }
  return { name, subnet, bridge };
}

/** Removes the cluster's network, its rules and its bridge. Containers must have left it. */
export async function removeNetwork(
  engine: Pick<Engine, 'env'>,
  host: Host,
  cluster: string,
  signal?: AbortSignal,
): Promise<void> {
  const name = networkName(cluster);
  const found = (await inspectNetworks(engine, signal)).find(({ Name }) => Name === name);
  if (found) {
    labNetwork(found, cluster);
    await openEgress(host, { name });
    await shellFor(engine.env, signal)`docker network rm ${name}`;
  }
  const bridge = bridgeName(name);
  const links =
    process.getuid?.() === 0 || found ? await host.run('ip', ['-brief', 'link', 'show', 'type', 'bridge']) : '';
  if (linkNames(links).includes(bridge)) await host.run('ip', ['link', 'delete', bridge]);
}
