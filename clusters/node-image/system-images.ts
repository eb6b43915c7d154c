import { copyFile, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shell } from 'zx';
import type { BuildContext, Recipe } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';
import { type Image, writeImageArchive, writeLayer } from './image-archive.ts';
import { kubernetes } from './kubernetes.ts';
import { rootfs } from './rootfs.ts';
import { coredns, etcd, pause } from './small-programs.ts';
import { copyWithLibraries, libraryFolder, unpack } from './unpacked.ts';
import { type KubernetesMinor, kubernetesVersions } from './versions.ts';

const programFolder = 'usr/local/bin';
const env = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];

/** The images that kubeadm asks for, one `images.tar`, under the names that kubeadm uses; `tags.json` lists these. */
export const systemImages = (minor: KubernetesMinor): Recipe => {
  const programs = kubernetes(minor);
  return {
    name: `system-images-${minor}`,
    title: 'Pack the system images',
    values: {},
    files: [import.meta.filename, join(import.meta.dirname, 'unpacked.ts')],
    needs: [programs, etcd, coredns, pause, rootfs],
    async build(into, { signal, folder }) {
      const $ = shellFor({}, signal);
      const tags = await kubeadmImages($, folder(programs), minor);
      await writeFile(join(into, 'tags.json'), JSON.stringify(tags));
      const staging = join(into, 'staging');
      await mkdir(staging);
      const images: Image[] = [];
      for (const tag of tags) {
        const name = imageName(tag);
        const tree = join(staging, name);
        await mkdir(tree);
        const config = await fillTree($, name, tree, programs, folder);
        const layer = `${tree}.tar`;
        await writeLayer($, tree, layer);
        images.push({ tag, layers: [layer], config: { Env: env, ...config } });
      }
      await writeImageArchive($, images, join(into, 'images.tar'));
      await rm(staging, { recursive: true });
    },
  };
};

/** `kube-proxy` of `…/kube-proxy:v1.37.2`. */
export const imageName = (tag: string): string => /([^/:]+):[^/:]+$/.exec(tag)?.[1] ?? tag;

async function kubeadmImages($: Shell, programs: string, minor: KubernetesMinor): Promise<string[]> {
  const listed = await $`${programs}/kubeadm config images list --kubernetes-version ${kubernetesVersions[minor]}`;
  return listed.stdout.trim().split('\n');
}

async function fillTree(
  $: Shell,
  name: string,
  tree: string,
  programs: Recipe,
  folder: BuildContext['folder'],
): Promise<Image['config']> {
  switch (name) {
    case 'pause':
      await copyFile(join(folder(pause), 'pause'), join(tree, 'pause'));
      return { Entrypoint: ['/pause'] };
    case 'coredns':
      await copyFile(join(folder(coredns), 'coredns'), join(tree, 'coredns'));
      return { Entrypoint: ['/coredns'] };
    case 'etcd':
      await mkdir(join(tree, programFolder), { recursive: true });
      await copyFile(join(folder(etcd), 'etcd'), join(tree, programFolder, 'etcd'));
      return {};
    default:
      if (name === 'kube-proxy') await addPacketFilters($, join(folder(rootfs), 'rootfs.tar'), tree);
      await mkdir(join(tree, programFolder), { recursive: true });
      await copyFile(join(folder(programs), name), join(tree, programFolder, name));
      return {};
  }
}

/** kube-proxy calls iptables, nft and conntrack. The plug-ins of iptables load libraries that its program does not. */
async function addPacketFilters($: Shell, rootfsTar: string, tree: string): Promise<void> {
  const debian = `${tree}-debian`;
  await unpack($, rootfsTar, debian);
  const plugins = join(libraryFolder(), 'xtables');
  const paths = [
    'usr/sbin/xtables-nft-multi',
    'usr/sbin/xtables-legacy-multi',
    'usr/sbin/nft',
    'usr/sbin/conntrack',
    ...(await readdir(join(debian, plugins))).map((plugin) => join(plugins, plugin)),
  ];
  await copyWithLibraries(
    $,
    debian,
    paths.map((path) => ({ from: join(debian, path), path })),
    tree,
  );
  for (const family of ['iptables', 'ip6tables']) {
    for (const verb of ['', '-save', '-restore']) {
      await symlink('xtables-nft-multi', join(tree, 'usr/sbin', `${family}${verb}`));
    }
  }
  await rm(debian, { recursive: true });
}
