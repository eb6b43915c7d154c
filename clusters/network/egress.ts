import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { changeRules, engineFirewall, type Rule, restore, rulesTagged, userChainInput } from './firewall.ts';
import type { Host } from './host.ts';
import { parseBlock } from './subnet.ts';

/** What of a network the host's rules are about. */
type OnHost = Omit<ClusterInfo['network'], 'id'>;

const tagOf = (network: Pick<OnHost, 'name'>) => `holdfast:${network.name}`;

/** A packet mark that no other network has, since no other has its subnet. */
const markOf = ({ subnet }: OnHost) => `0x${((0x48000000 | (parseBlock(subnet).address >>> 8)) >>> 0).toString(16)}`;

/**
 * One rule closes the way out. It goes by interface: bridged frames between nodes pass these chains too, and a rule by
 * address would reject them. Only answers to what came from outside may leave, so that a packet that belongs to no
 * connection stays in as well. The other two rules count, independently of it, what left all the same.
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
 * Lets nothing leave the network but answers, DNS included: the engine's resolver asks from a node's own namespace. It asks
 * from the host only a nameserver on the host's loopback address, which a private engine is never given.
 * Safe to repeat: counters of rules that stand are kept.
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

/** Takes the rules of closeEgress away. */
export async function openEgress(host: Host, network: Pick<OnHost, 'name'>): Promise<void> {
  const firewall = await engineFirewall(host);
  if (!firewall) return;
  const { iptables } = firewall;
  await changeRules(host, iptables, '-D', await rulesTagged(host, iptables, tagOf(network)));
}

/** Packets since the way out was closed. */
export interface EgressCounters {
  /** Stopped by the rule. */
  readonly rejected: number;
  /** Packets that left through another interface. All except answers to incoming connections are a leak. */
  readonly left: number;
}

/** Throws if the way out is not closed. */
export async function egressCounters(host: Host, network: OnHost): Promise<EgressCounters> {
  const firewall = await engineFirewall(host);
  const rules = firewall ? await rulesTagged(host, firewall.iptables, tagOf(network)) : [];
  const rejecting = rules.find(({ chain }) => chain === 'DOCKER-USER');
  const leaving = rules.find(({ chain }) => chain === 'POSTROUTING');
  if (!rejecting || !leaving) throw new Error(`Traffic out of network ${network.name} is not blocked.`);
  return { rejected: rejecting.packets, left: leaving.packets };
}
