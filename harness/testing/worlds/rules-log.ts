import { at } from './clocks.ts';
import type { Pod, Rule } from './world.ts';

const service = 'KUBE-SVC-WEB';
const chainOf = ({ name }: Pod): string => `KUBE-SEP-${name.toUpperCase().replaceAll('-', '')}`;
const jumpTo = (pod: Pod): string => `counter packets 0 bytes 0 jump ${chainOf(pod)}`;
const natTo = ({ ip }: Pod): string => `ip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to ${ip}:8080`;

/** What nft tells of kube-proxy's rules on the client's node: each sync writes the Service's chain anew. */
export function rulesLog(rules: readonly Rule[], clusterIp: string): string[] {
  const toService = `ip daddr ${clusterIp} ip protocol tcp  tcp dport 80 counter packets 0 bytes 0 jump ${service}`;
  return rules.flatMap(({ at: synced, pods }) => {
    const written = [
      `add rule ip nat KUBE-SERVICES ${toService}`,
      `delete rule ip nat ${service} handle 1`,
      ...pods.flatMap((pod) => [
        `add rule ip nat ${service} ${jumpTo(pod)}`,
        `add rule ip nat ${chainOf(pod)} ${natTo(pod)}`,
      ]),
    ];
    const stamp = at(synced);
    const second = `${Math.floor(stamp / 1e6)}.${String(stamp % 1e6).padStart(6, '0')}`;
    return written.map((text) => `${second} nft[77]: ${text}`);
  });
}
