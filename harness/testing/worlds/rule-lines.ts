import type { ProxyMode } from '../../model/cluster.ts';
import type { Ms } from '../../model/units.ts';
import { at, stamp } from './clocks.ts';
import type { Pod, Rule } from './world.ts';

export const clusterIp = '10.96.0.20';

/** The output of nft for kube-proxy's rules in one of its modes. */
interface Printed {
  /** The list of rules that route to these pods. */
  list(pods: readonly Pod[]): readonly string[];
  /** The changes of a sync from the rules for `before` to those for `pods`. The first sync has the number 0. */
  sync(pods: readonly Pod[], before: readonly Pod[], number: number): readonly string[];
}

const block = (name: string, lines: readonly string[]) => [`\t${name} {`, ...lines.map((line) => `\t\t${line}`), '\t}'];

/** A sync rewrites the chain of the Service. */
const iptables: Printed = {
  list: (pods) => [
    ...block('chain KUBE-SERVICES', [
      `ip daddr ${clusterIp} ip protocol tcp  tcp dport 80 counter packets 0 bytes 0 jump ${chain}`,
    ]),
    ...block(`chain ${chain}`, pods.map(jump)),
    ...pods.flatMap((pod) => block(`chain ${chainOf(pod)}`, [nat(pod)])),
  ],
  sync: (pods) => [
    `delete rule ip nat ${chain} handle 1`,
    ...pods.flatMap((pod) => [`add rule ip nat ${chain} ${jump(pod)}`, `add rule ip nat ${chainOf(pod)} ${nat(pod)}`]),
  ],
};

const chain = 'KUBE-SVC-WEB';
const chainOf = ({ name }: Pod) => `KUBE-SEP-${name.toUpperCase().replaceAll('-', '')}`;
const jump = (pod: Pod) => `counter packets 0 bytes 0 jump ${chainOf(pod)}`;
const nat = ({ ip }: Pod) => `ip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to ${ip}:8080`;

/** A sync is one transaction that replaces one rule with another. */
const nftables: Printed = {
  list: (pods) => [
    'table ip kube-proxy {',
    '\tcomment "rules for kube-proxy"',
    ...block('set cluster-ips', ['type ipv4_addr', `elements = { 10.96.0.1, 10.96.0.10,`, `\t     ${clusterIp} }`]),
    ...block('map no-endpoint-services', pods.length > 0 ? [] : [`elements = { ${rejected} }`]),
    ...block('map service-ips', pods.length > 0 ? [`elements = { ${led} }`] : []),
    ...block(`chain ${service}`, sendOn(pods)),
    '}',
  ],
  sync: (pods, before, number) => [
    `add chain ip kube-proxy ${service}`,
    ...(before.length > 0 ? [`delete rule ip kube-proxy ${service} handle ${number + 60}`] : []),
    ...sendOn(pods).map((rule) => `add rule ip kube-proxy ${service} ${rule}`),
    ...(pods.length > 0 && before.length === 0 ? moved('service-ips', led, 'no-endpoint-services', rejected) : []),
    ...(pods.length === 0 && before.length > 0 ? moved('no-endpoint-services', rejected, 'service-ips', led) : []),
    `# new generation ${number + 100} by process ${number + 21_000} (nft)`,
  ],
};

const service = 'service-NLZ7VG5I-hf-test/web/tcp/';
const led = `${clusterIp} . tcp . 80 : goto ${service}`;
const rejected = `${clusterIp} . tcp . 80 comment "hf-test/web" : goto reject-chain`;
const moved = (to: string, element: string, from: string, old: string) => [
  `add element ip kube-proxy ${to} { ${element} }`,
  `delete element ip kube-proxy ${from} { ${old} }`,
];

function sendOn(pods: readonly Pod[]): readonly string[] {
  const [only] = pods;
  if (only === undefined) return [];
  if (pods.length === 1) return [`meta l4proto tcp dnat to ${only.ip}:8080`];
  const elements = pods.map(({ ip }, index) => `${index} : ${ip} . 8080`).join(', ');
  return [`meta l4proto tcp dnat ip to numgen random mod ${pods.length} map { ${elements} }`];
}

const sameAs = (pods: readonly Pod[], others: readonly Pod[]): boolean =>
  pods.length === others.length && pods.every((pod) => others.includes(pod));

/** The output of nft: the list of rules at a time before the traffic starts, then each change. */
export function ruleLines(rules: readonly Rule[], proxyMode: ProxyMode, begin: Ms): string[] {
  const { list, sync } = proxyMode === 'nftables' ? nftables : iptables;
  const stamped = (moment: Ms, lines: readonly string[]) =>
    lines.map((text) => `${stamp(at(moment))} nft[77]: ${text}`);
  const standing = rules.findLast((rule) => rule.at <= begin)?.pods ?? [];
  // A sync without changes prints nothing.
  const changes = rules.filter(({ at, pods }, index) => at > begin && !sameAs(pods, rules[index - 1]?.pods ?? []));
  return [
    ...stamped(begin, list(standing)),
    ...changes.flatMap(({ at: moment, pods }, index) =>
      stamped(moment, sync(pods, changes[index - 1]?.pods ?? standing, index)),
    ),
  ];
}
