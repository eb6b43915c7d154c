import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { type Artefact, locate, type Recipe } from '../cache.ts';
import { type EngineEnv, shellFor } from '../engine/docker.ts';
import { type Image, writeImageArchive } from './image-archive.ts';
import { nodeFilesLayer } from './node-layer.ts';
import { rootfs } from './rootfs.ts';
import { systemImages } from './system-images.ts';
import { type KubernetesMinor, kubernetesVersions } from './versions.ts';

const nodeConfig: Image['config'] = {
  Entrypoint: ['/usr/local/bin/entrypoint', '/usr/lib/systemd/systemd'],
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'container=docker'],
  StopSignal: 'SIGRTMIN+3',
};

/**
 * The node image, `images.tar`: Debian, the node's files, and a containerd store that holds the system images already.
 * That store is filled by the image's own containerd in a container, so that only the engine needs to be root.
 */
export const nodeImage = (minor: KubernetesMinor, engine: EngineEnv): Recipe => {
  const files = nodeFilesLayer(minor);
  const images = systemImages(minor);
  const recipe: Recipe = {
    name: `node-${minor}`,
    title: 'Assemble the node image',
    values: {},
    files: [import.meta.filename],
    needs: [rootfs, files, images],
    async build(into, { signal, folder, now }) {
      const $ = shellFor(engine, signal);
      const layers = [join(folder(rootfs), 'rootfs.tar'), join(folder(files), 'layer.tar')];
      const bare = `localhost/holdfast/bare-node:${randomUUID()}`;
      const archive = join(into, 'bare.tar');
      const store = join(into, 'store.tar');
      now('giving the bare node to the engine');
      await writeImageArchive($, [{ tag: bare, layers, config: nodeConfig }], archive);
      await $`docker load --input ${archive}`;
      await rm(archive);
      try {
        now('filling its image store');
        await fillStore($, bare, join(folder(images), 'images.tar'), store);
        now('writing the image');
        const tag = nodeTag(minor, await locate(recipe));
        await writeImageArchive($, [{ tag, layers: [...layers, store], config: nodeConfig }], join(into, 'images.tar'));
      } finally {
        await shellFor(engine)({ nothrow: true })`docker image rm ${bare}`;
      }
      await rm(store);
    },
  };
  return recipe;
};

/** The name under which kind finds it. */
export const nodeTag = (minor: KubernetesMinor, { hash }: Artefact): string =>
  `localhost/holdfast/node:${kubernetesVersions[minor]}-${hash}`;

/**
 * Runs the bare node's containerd, lets it import and unpack the images, and writes what it keeps of them as a layer:
 * unpacked only, since no node ever hands an image on. Its folder is a volume, as overlays do not lie on overlays.
 */
async function fillStore($: Shell, image: string, images: string, layer: string): Promise<void> {
  const script = `
    ctr oci spec | jq 'del(.process.rlimits)' >/etc/containerd/cri-base.json
    containerd >/tmp/containerd.log 2>&1 &
    containerd=$!
    until ctr version >/dev/null 2>&1; do kill -0 $containerd || { cat /tmp/containerd.log >&2; exit 1; }; sleep 0.1; done
    ctr --namespace k8s.io images import --local --discard-unpacked-layers - >&2
    ctr --namespace k8s.io leases delete --sync $(ctr --namespace k8s.io leases create) >&2
    kill $containerd
    wait $containerd || true
    tar --create --sort=name --mtime=@0 --numeric-owner --directory=/ var/lib/containerd etc/containerd/cri-base.json`;
  const container = [
    '--privileged',
    '--network=none',
    '--tmpfs=/run',
    '--volume=/var/lib/containerd',
    '--entrypoint=bash',
  ];
  await $`docker run --rm --interactive ${container} ${image} -euc ${script} < ${images} > ${layer}`;
}
