import type { Recipe } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';
import { debianSuite } from './versions.ts';

const packages = [
  'systemd',
  'containerd',
  'runc',
  'containernetworking-plugins',
  'iptables',
  'nftables',
  'conntrack',
  'iproute2',
  'ethtool',
  'util-linux',
  'mount',
  'kmod',
  'procps',
  'jq',
  'curl',
  'ca-certificates',
  'libstdc++6',
];

const leftOut = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** What Debian would start by itself, and the host's own name and resolver, which mmdebstrap copies. */
const removed = [
  'etc/systemd/system/*.wants',
  'usr/lib/systemd/system/multi-user.target.wants/*',
  'usr/lib/systemd/system/local-fs.target.wants/*',
  'usr/lib/systemd/system/getty.target.wants/*',
  'usr/lib/systemd/system/timers.target.wants/*',
  'etc/resolv.conf',
  'etc/hostname',
];

/** Debian with the programs of a node, as `rootfs.tar`. */
export const rootfs: Recipe = {
  name: 'rootfs',
  title: `Fetch Debian ${debianSuite}`,
  values: { debianSuite, packages, leftOut, removed },
  files: [],
  needs: [],
  programs: ['mmdebstrap'],
  async build(into, { signal }) {
    const $ = shellFor({}, signal);
    const excluded = leftOut.map((path) => `--dpkgopt=path-exclude=${path}`);
    const remove = `--customize-hook=cd "$1" && rm -rf ${removed.join(' ')}`;
    await $`mmdebstrap --variant=minbase --include=${packages.join(',')} --aptopt=${'Acquire::Retries "3"'} ${excluded} ${remove} ${debianSuite} ${into}/rootfs.tar`;
  },
};
