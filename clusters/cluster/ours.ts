import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { ownCommand } from '../../harness/model/own-command.ts';
import { printable } from '../../harness/model/printable.ts';
import { quoted } from '../../harness/model/quoted.ts';
import { shellFor } from '../docker/docker.ts';
import { type Engine, otherEngineOf } from '../engine/engine.ts';
import { type Claim, isOurs, knownOwner, type Owned } from '../engine/owner.ts';
import { networkName, networksNamed } from '../network/network.ts';
import { type NodeContainer, nodeContainers } from './containers.ts';
import { readCluster } from './record.ts';

/** A container or a network with the name of the cluster is not ours, so nothing is changed. */
export class NotOurs extends Error {
  override name = 'NotOurs';
}

/** The containers and networks of a lab cluster on an engine, even if it is only partly created or removed. */
export interface OurCluster {
  readonly containers: readonly NodeContainer[];
  readonly networks: readonly Owned[];
  readonly claim: Claim;
}

/**
 * The containers and networks of the cluster on the engine. All are ours: each has our owner label, or an id that we
 * recorded. A name and the label of kind prove nothing. Throws `NotOurs` with all others. Called before anything is
 * removed or created.
 */
export async function ourCluster(
  engine: Pick<Engine, 'env'>,
  cluster: string,
  signal?: AbortSignal,
): Promise<OurCluster> {
  await assertNotElsewhere(engine, cluster, signal);
  const [containers, networks, claim] = await Promise.all([
    nodeContainers(engine.env, cluster, signal),
    networksNamed(engine, cluster, signal),
    claimOn(engine, cluster, signal),
  ]);
  const foreign = {
    containers: containers.filter((each) => !isOurs(claim, each)),
    networks: networks.filter((each) => !isOurs(claim, each)),
  };
  if (foreign.containers.length + foreign.networks.length > 0) throw new NotOurs(refusal(cluster, foreign));
  return { containers, networks, claim };
}

/** The owner id and the recorded ids of a cluster. A damaged record proves nothing. */
async function claimOn(engine: Pick<Engine, 'env'>, cluster: string, signal?: AbortSignal): Promise<Claim> {
  const owner = knownOwner();
  const record = recordOf(cluster);
  if (!record) return { owner, ids: new Set() };
  const containers = record.nodes.map(({ container }) => container);
  const networks = record.network.id ? [record.network.id] : await networksOf(engine, record, signal);
  return { owner, ids: new Set([...containers, ...networks]) };
}

function recordOf(cluster: string): ClusterInfo | undefined {
  try {
    return readCluster(cluster);
  } catch {
    return undefined;
  }
}

/** For an old record without a network: the networks of its containers. */
async function networksOf(
  engine: Pick<Engine, 'env'>,
  { name, nodes }: ClusterInfo,
  signal?: AbortSignal,
): Promise<string[]> {
  const $ = shellFor(engine.env, signal);
  const ids = nodes.map(({ container }) => container);
  const networks = await $({
    nothrow: true,
  })`docker container inspect --format ${'{{json .NetworkSettings.Networks}}'} ${ids}`;
  return networks.stdout
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const attached = JSON.parse(line) as { readonly [network: string]: { readonly NetworkID: string } };
      return attached[networkName(name)]?.NetworkID || [];
    });
}

/**
 * Both engines of a host share its bridges and rules, so a change on one would disconnect a cluster of the same name on
 * the other. Throws if a private engine runs beside this one and has such a cluster.
 */
async function assertNotElsewhere(engine: Pick<Engine, 'env'>, cluster: string, signal?: AbortSignal): Promise<void> {
  const other = await otherEngineOf(engine, signal);
  if (!other) return;
  const [containers, networks] = await Promise.all([
    nodeContainers(other.env, cluster, signal),
    networksNamed(other, cluster, signal),
  ]);
  if (containers.length + networks.length === 0) return;
  const host = quoted(other.env.DOCKER_HOST ?? '');
  throw new NotOurs(
    `Cluster ${cluster} is on the private engine of holdfast, but another engine answers now. ` +
      `Remove the cluster first: DOCKER_HOST=${host} ${ownCommand} cluster down --cluster ${quoted(cluster)}`,
  );
}

const described = ({ id, owner }: Owned, name: string) =>
  `${printable(name)} (${id.slice(0, 12)}, ${owner === '' ? 'without an owner' : `owner ${printable(owner).slice(0, 40)}`})`;

function refusal(
  cluster: string,
  { containers, networks }: { readonly containers: readonly NodeContainer[]; readonly networks: readonly Owned[] },
): string {
  const things = [
    ...containers.map((each) => described(each, each.name)),
    ...networks.map((each) => described(each, `network ${networkName(cluster)}`)),
  ];
  const ids = (owned: readonly Owned[]) => owned.map(({ id }) => id.slice(0, 12)).join(' ');
  const commands = [
    ...(containers.length > 0 ? [`docker rm --force --volumes ${ids(containers)}`] : []),
    ...(networks.length > 0 ? [`docker network rm ${ids(networks)}`] : []),
  ];
  return (
    `The engine has a cluster ${cluster} of another owner, so nothing was changed: ${things.join(', ')}.\n` +
    `Choose another name with --cluster, or ask its owner to remove it with ${ownCommand} cluster down. ` +
    `If it is no longer needed: ${commands.join('; ')}`
  );
}
