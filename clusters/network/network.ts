import { createHash } from 'node:crypto';
import { reason } from '../../harness/model/reason.ts';
import { readKernelFile } from '../../harness/sys/files/system.ts';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { type Claim, isOurs, type Owned, ownerLabel } from '../engine/owner.ts';
import { linkNames } from '../private-engine/host-changes.ts';
import { openEgress } from './egress.ts';
import type { Host } from './host.ts';
import { type Block, freeSubnet, parseBlock, parseRoutes } from './subnet.ts';

export interface LabNetwork {
  /** The id of the network. */
  readonly id: string;
  readonly name: string;
  readonly subnet: string;
  readonly bridge: string;
}

const clusterLabel = 'io.holdfast.cluster';

export const networkName = (cluster: string): string => (cluster === 'holdfast' ? 'holdfast' : `holdfast-${cluster}`);

/** An interface name has at most 15 bytes, so a longer network name is shortened to a digest. */
export const bridgeName = (network: string): string =>
  network === 'holdfast' ? 'holdfast0' : `hf-${createHash('sha256').update(network).digest('hex').slice(0, 8)}`;

interface InspectedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Labels: Record<string, string> | null;
  readonly Options: Record<string, string> | null;
  readonly IPAM: { readonly Config: readonly { readonly Subnet?: string }[] | null };
}

/** The network from the output of `docker network inspect`. Throws if a network has that name but is not ours. */
export function labNetwork(inspected: InspectedNetwork, cluster: string, claim: Claim): LabNetwork {
  const subnet = inspected.IPAM.Config?.[0]?.Subnet;
  const bridge = inspected.Options?.['com.docker.network.bridge.name'];
  const ours = inspected.Labels?.[clusterLabel] === cluster && isOurs(claim, ownedNetwork(inspected));
  if (!ours || !subnet || bridge !== bridgeName(inspected.Name)) {
    throw new Error(
      `The engine has a network "${inspected.Name}" (${inspected.Id.slice(0, 12)}) that this holdfast did not create. ` +
        `Choose another cluster name, or remove it if it is no longer needed: docker network rm ${inspected.Id}`,
    );
  }
  return { id: inspected.Id, name: inspected.Name, subnet, bridge };
}

const ownedNetwork = ({ Id, Labels }: InspectedNetwork): Owned => ({ id: Id, owner: Labels?.[ownerLabel] ?? '' });

/** Subnets of networks, IPv4 only, from what `docker network inspect` printed. */
export const subnetsOf = (inspected: readonly InspectedNetwork[]): Block[] =>
  inspected
    .flatMap(({ IPAM }) => IPAM.Config ?? [])
    .flatMap(({ Subnet }) => (Subnet && !Subnet.includes(':') ? [parseBlock(Subnet)] : []));

async function inspectNetworks(engine: Pick<Engine, 'env'>, signal?: AbortSignal): Promise<InspectedNetwork[]> {
  const shell = shellFor(engine.env, signal);
  const ids = (await shell`docker network ls --no-trunc --quiet`).stdout.split('\n').filter(Boolean);
  if (ids.length === 0) return [];
  return JSON.parse((await shell`docker network inspect ${ids}`).stdout) as InspectedNetwork[];
}

/** Networks with the name of the network of the cluster, ours or not. An engine allows several with the same name. */
export async function networksNamed(
  engine: Pick<Engine, 'env'>,
  cluster: string,
  signal?: AbortSignal,
): Promise<Owned[]> {
  const networks = await inspectNetworks(engine, signal);
  return networks.filter(({ Name }) => Name === networkName(cluster)).map(ownedNetwork);
}

/**
 * The network of the cluster. If there is none, it is created on an unused subnet, so that nodes keep their addresses.
 */
export async function ensureNetwork(
  engine: Pick<Engine, 'env'>,
  cluster: string,
  claim: Claim & { readonly owner: string },
  signal?: AbortSignal,
): Promise<LabNetwork> {
  const name = networkName(cluster);
  const networks = await inspectNetworks(engine, signal);
  const found = networks.filter(({ Name }) => Name === name).map((each) => labNetwork(each, cluster, claim));
  if (found[0]) return found[0];

  const routes = parseRoutes(await readKernelFile('/proc/net/route'));
  const subnet = freeSubnet([...routes, ...subnetsOf(networks)]);
  const bridge = bridgeName(name);
  const driver = (key: string, value: string) => ['--opt', `com.docker.network.bridge.${key}=${value}`];
  const options = [...driver('name', bridge), ...driver('enable_ip_masquerade', 'true')];
  const labels = [`--label=${clusterLabel}=${cluster}`, `--label=${ownerLabel}=${claim.owner}`];
  const shell = shellFor(engine.env, signal);
  try {
    const made = await shell`docker network create --driver bridge --subnet ${subnet} ${labels} ${options} ${name}`;
    return { id: made.stdout.trim(), name, subnet, bridge };
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`The engine could not create network ${name} on ${subnet}: ${reason(error)}`, { cause: error });
  }
}

/** Removes a network of the cluster with its rules and its bridge. It must be ours and have no containers. */
export async function removeNetwork(
  engine: Pick<Engine, 'env'>,
  host: Host,
  cluster: string,
  { id }: Pick<LabNetwork, 'id'>,
  signal?: AbortSignal,
): Promise<void> {
  const name = networkName(cluster);
  await openEgress(host, { name });
  await shellFor(engine.env, signal)`docker network rm ${id}`;
  await removeUnusedBridge(host, cluster);
}

/**
 * Removes the bridge that a removed network of the cluster left on the host. A bridge with ports is in use and is kept.
 */
export async function removeUnusedBridge(host: Host, cluster: string): Promise<void> {
  const bridge = bridgeName(networkName(cluster));
  const links = async (...which: string[]) => linkNames(await host.run('ip', ['-brief', 'link', 'show', ...which]));
  if (!(await links('type', 'bridge')).includes(bridge)) return;
  if ((await links('master', bridge)).length === 0) await host.run('ip', ['link', 'delete', bridge]);
}
