import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { changeRules, engineFirewall, type Rule, restore, rulesTagged, userChainInput } from './firewall.ts';
import type { Host } from './host.ts';
import { parseBlock } from './subnet.ts';

/** The part of a network that the rules of the host use. */
type OnHost = Omit<ClusterInfo['network'], 'id'>;

const tagOf = (network: Pick<OnHost, 'name'>) => `holdfast:${network.name}`;

/** A packet mark that is unique to this network, because its subnet is. */
const markOf = ({ subnet }: OnHost) => `0x${((0x48000000 | (parseBlock(subnet).address >>> 8)) >>> 0).toString(16)}`;

/**
 * One rule blocks outgoing traffic. It matches interfaces: bridged frames between nodes pass these chains too, and a
 * rule for addresses would reject them. Only answers to incoming connections may leave, so that packets without a
 * connection are blocked too. The other two rules count independently what left all the same.
 */
function closingRules(network: OnHost): Rule[] {
  const comment = `-m comment --comment ${tagOf(network)}`;
  const leaving = `-i ${network.bridge} ! -o ${network.bridge}`;
  const mark = markOf(network);
  return [
    {
      table: 'filter',
      chain: 'DOCKER-USER',
      spec: `${leaving} -m conntrack ! --ctstate RELATED,ESTABLISHED ${comment} -j REJECT`,
    },
    { table: 'mangle', chain: 'FORWARD', spec: `${leaving} ${comment} -j MARK --set-xmark ${mark}/0xffffffff` },
    { table: 'mangle', chain: 'POSTROUTING', spec: `! -o ${network.bridge} -m mark --mark ${mark} ${comment}` },
  ];
}

/**
 * Blocks all outgoing traffic of the network except answers, including DNS: the resolver of the engine sends from the
 * namespace of the node. From the host it uses only a nameserver on the loopback address of the host, which a private
 * engine never has. A second call keeps the counters of existing rules.
 */
export async function closeEgress(host: Host, network: OnHost): Promise<void> {
  const firewall = await engineFirewall(host);
  if (!firewall) {
    throw new Error(
      'The engine has no rules in the firewall of the host, so traffic out of the lab cannot be blocked. Was it started with --iptables=false?',
    );
  }
  const { iptables, listed } = firewall;
  const userChain = userChainInput(listed);
  if (userChain) await restore(host, iptables, userChain);
  const standing = new Set((await rulesTagged(host, iptables, tagOf(network))).map(({ chain }) => chain));
  const missing = closingRules(network).filter(({ chain }) => !standing.has(chain));
  await changeRules(host, iptables, '-I', missing);
}

/** Removes the rules of closeEgress. */
export async function openEgress(host: Host, network: Pick<OnHost, 'name'>): Promise<void> {
  const firewall = await engineFirewall(host);
  if (!firewall) return;
  const { iptables } = firewall;
  await changeRules(host, iptables, '-D', await rulesTagged(host, iptables, tagOf(network)));
}

/** Packets since the traffic was blocked. */
export interface EgressCounters {
  /** Packets that the rule rejected. */
  readonly rejected: number;
  /** Packets that left through another interface. All except answers to incoming connections are a leak. */
  readonly left: number;
}

/** Throws if outgoing traffic is not blocked. */
export async function egressCounters(host: Host, network: OnHost): Promise<EgressCounters> {
  const firewall = await engineFirewall(host);
  const rules = firewall ? await rulesTagged(host, firewall.iptables, tagOf(network)) : [];
  const rejecting = rules.find(({ chain }) => chain === 'DOCKER-USER');
  const leaving = rules.find(({ chain }) => chain === 'POSTROUTING');
  if (!rejecting || !leaving) throw new Error(`Traffic out of network ${network.name} is not blocked.`);
  return { rejected: rejecting.packets, left: leaving.packets };
}
