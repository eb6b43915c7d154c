import { release } from 'node:os';
import type { ProxyMode } from '../../harness/model/cluster.ts';
import { type KernelConfig, readKernelConfig } from './kernel-config.ts';

/** Each expression of nft that kube-proxy's rules use (k/k `pkg/proxy/nftables/proxier.go`). */
const nftablesOptions = [
  'NF_TABLES',
  'NF_TABLES_IPV4',
  'NFT_CT',
  'NFT_FIB_IPV4',
  'NFT_MASQ',
  'NFT_NAT',
  'NFT_NUMGEN',
  'NFT_REJECT_IPV4',
];

/** kube-proxy refuses its nftables mode on an older one. */
const nftablesSince = [5, 13] as const;

/**
 * Why kube-proxy cannot run in nftables mode on a kernel. Undefined if it can, or if the kernel's options are not
 * readable.
 */
export function withoutNftables(config: KernelConfig | undefined, kernelRelease: string): string | undefined {
  const [major = 0, minor = 0] = kernelRelease.split(/[.-]/).map(Number);
  const [sinceMajor, sinceMinor] = nftablesSince;
  if (major < sinceMajor || (major === sinceMajor && minor < sinceMinor))
    return `it needs Linux ${nftablesSince.join('.')} or newer`;
  const absent = config ? nftablesOptions.filter((option) => !config.has(option)) : [];
  return absent.length > 0 ? `it needs ${absent.map((option) => `CONFIG_${option}`).join(', ')}` : undefined;
}

/** Throws if the kernel of this machine lacks what kube-proxy needs in a mode. */
export async function assertProxyMode(mode: ProxyMode): Promise<void> {
  const why = mode === 'nftables' ? withoutNftables(await readKernelConfig(), release()) : undefined;
  if (why !== undefined)
    throw new Error(
      `kube-proxy cannot run in nftables mode on Linux ${release()}: ${why}. Make the cluster with --proxy-mode iptables`,
    );
}
