import { release } from 'node:os';
import { readKernelFile } from '../../harness/sys/files/system.ts';
import { neededSysctls, readSysctl } from '../network/sysctls.ts';
import { hasSysResource } from '../private-engine/capabilities.ts';
import { type KernelConfig, readKernelConfig } from './kernel-config.ts';
import type { DoctorLine } from './line.ts';
import { withoutNftables } from './proxy-mode.ts';

type ReadKernelFile = typeof readKernelFile;

/** Required options: without them there is no container network or no image. One option of each group is enough. */
const neededOptions = [
  ['OVERLAY_FS'],
  ['NF_CONNTRACK'],
  ['NF_NAT'],
  ['NF_TABLES', 'IP_NF_IPTABLES'],
  ['BRIDGE'],
  ['VETH'],
];

/** Optional options: without them some faults and modes are skipped. */
const usefulOptions: readonly (readonly [option: string, whatIsSkipped: string])[] = [
  ['NET_SCH_NETEM', 'netem (latency goes through a proxy instead)'],
  ['IP_VS', 'IPVS (that proxy mode is skipped)'],
  ['NFT_QUEUE', 'NFT_QUEUE (NetworkPolicy experiments are skipped)'],
];

export function judgeKernel(config: KernelConfig | undefined, kernelRelease: string): DoctorLine {
  const name = 'kernel';
  if (!config) return { name, state: 'ok', detail: `Linux ${kernelRelease}, whose build options are not readable` };
  const absent = neededOptions.filter((options) => !options.some((option) => config.has(option)));
  if (absent.length > 0) {
    const options = absent.map((group) => group.map((option) => `CONFIG_${option}`).join(' or ')).join(', ');
    return { name, state: 'missing', detail: `Linux ${kernelRelease} was built without ${options}` };
  }
  const nftables = withoutNftables(config, kernelRelease);
  const without = [
    ...usefulOptions.filter(([option]) => !config.has(option)).map(([, skipped]) => skipped),
    ...(nftables === undefined ? [] : [`kube-proxy’s nftables mode (${nftables})`]),
  ];
  const ending = without.length > 0 ? `; without ${without.join(', ')}` : '';
  return { name, state: 'ok', detail: `Linux ${kernelRelease}: overlayfs, conntrack, nat${ending}` };
}

export const kernel = async (): Promise<DoctorLine> => judgeKernel(await readKernelConfig(), release());

const neededControllers = ['cpu', 'cpuset', 'memory', 'pids'];

/** Controllers from /proc/cgroups (version 1) that are mounted, or from cgroup.controllers (version 2). */
export function judgeCgroups(version: 1 | 2, controllers: readonly string[]): DoctorLine {
  const name = 'cgroups';
  const absent = neededControllers.filter((controller) => !controllers.includes(controller));
  if (absent.length > 0) return { name, state: 'missing', detail: `v${version} lacks ${absent.join(', ')}` };
  return { name, state: 'ok', detail: `v${version} with ${neededControllers.join(', ')}` };
}

/** Names in the first column of /proc/cgroups whose hierarchy is mounted. */
export const mountedControllers = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .filter(([, hierarchy]) => hierarchy !== '0')
    .map(([controller]) => controller ?? '');

/** A host whose cgroups are only of version 2 has its controllers in one file. A mixed host uses version 1. */
export async function cgroups(read: ReadKernelFile = readKernelFile): Promise<DoctorLine> {
  const unified = await read('/sys/fs/cgroup/cgroup.controllers').catch(() => undefined);
  if (unified !== undefined) return judgeCgroups(2, unified.trim().split(' '));
  return judgeCgroups(1, mountedControllers(await read('/proc/cgroups')));
}

export async function sysResource(): Promise<DoctorLine> {
  const detail = (await hasSysResource())
    ? 'held'
    : 'missing: a private engine starts privileged containers without it';
  return { name: 'CAP_SYS_RESOURCE', state: 'ok', detail };
}

export async function inotify(): Promise<DoctorLine> {
  const entries = Object.entries(neededSysctls) as [keyof typeof neededSysctls, number][];
  const values = await Promise.all(entries.map(([name]) => readSysctl(name)));
  const low = entries.filter(([, needed], index) => (values[index] ?? 0) < needed);
  const name = 'inotify';
  const detail = entries.map(([sysctl], index) => `${sysctl.split('.').at(-1)} ${values[index]}`).join(', ');
  if (low.length === 0) return { name, state: 'ok', detail };
  const wanted = low.map(([sysctl, needed]) => `${sysctl}=${needed}`).join(' ');
  return { name, state: 'fixable', detail: `${detail}: raised while a lab exists`, fix: `sudo sysctl -w ${wanted}` };
}
