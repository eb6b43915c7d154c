import { copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '../../harness/sys/paths.ts';
import type { Recipe } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';
import { writeLayer } from './image-archive.ts';
import { kubernetes } from './kubernetes.ts';
import { imageName, systemImages } from './system-images.ts';
import { type KubernetesMinor, kubernetesVersions } from './versions.ts';

const ownFiles = join(checkoutDir(), 'clusters/node-image/files');
const started = ['containerd.service', 'kubelet.service'];

/** Units that would touch the host, flush the engine's DNS rules, or ask a person. */
const masked = [
  'nftables.service',
  'systemd-networkd.service',
  'systemd-networkd.socket',
  'systemd-resolved.service',
  'systemd-timesyncd.service',
  'systemd-firstboot.service',
  'systemd-binfmt.service',
  'systemd-logind.service',
  'systemd-udevd.service',
  'systemd-udevd-kernel.socket',
  'systemd-udevd-control.socket',
  'proc-sys-fs-binfmt_misc.automount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'sys-kernel-config.mount',
  'sys-fs-fuse-connections.mount',
  'dev-hugepages.mount',
  'console-getty.service',
  'getty.target',
  'ldconfig.service',
];

/** What a node has above Debian, as `layer.tar`: Kubernetes' programs, units, containerd's configuration. */
export const nodeFilesLayer = (minor: KubernetesMinor): Recipe => {
  const programs = kubernetes(minor);
  const images = systemImages(minor);
  return {
    name: `node-files-${minor}`,
    title: 'Pack the node’s files',
    values: {},
    files: [import.meta.filename, ownFiles],
    needs: [programs, images],
    async build(into, { signal, folder }) {
      const $ = shellFor({}, signal);
      const tree = join(into, 'tree');
      await cp(ownFiles, tree, { recursive: true });
      await mkdir(join(tree, 'usr/bin'), { recursive: true });
      for (const program of ['kubelet', 'kubeadm', 'kubectl']) {
        await copyFile(join(folder(programs), program), join(tree, 'usr/bin', program));
      }
      await nameSandboxImage(join(tree, 'etc/containerd/config.toml'), join(folder(images), 'tags.json'));
      await linkUnits(join(tree, 'etc/systemd/system'));
      await mkdir(join(tree, 'kind/manifests'), { recursive: true });
      await writeFile(join(tree, 'kind/version'), `${kubernetesVersions[minor]}\n`);
      await writeLayer($, tree, join(into, 'layer.tar'));
      await rm(tree, { recursive: true });
    },
  };
};

async function nameSandboxImage(config: string, tagsFile: string): Promise<void> {
  const tags: string[] = JSON.parse(await readFile(tagsFile, 'utf8'));
  const pause = tags.find((tag) => imageName(tag) === 'pause');
  if (!pause) throw new Error('kubeadm names no pause image');
  await writeFile(config, (await readFile(config, 'utf8')).replace('@PAUSE@', pause));
}

async function linkUnits(units: string): Promise<void> {
  const wants = join(units, 'multi-user.target.wants');
  await mkdir(wants, { recursive: true });
  for (const unit of started) await symlink(`../${unit}`, join(wants, unit));
  for (const unit of masked) await symlink('/dev/null', join(units, unit));
}
