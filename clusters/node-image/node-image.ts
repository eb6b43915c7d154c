import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { type Artefact, locate, type Recipe } from '../cache.ts';
import { type EngineEnv, shellFor } from '../docker/docker.ts';
import { type Image, writeImageArchive } from './image-archive.ts';
import { nodeFilesLayer } from './node-layer.ts';
import { rootfs } from './rootfs.ts';
import { systemImages } from './system-images.ts';
import { type KubernetesMinor, kubernetesVersions } from './versions.ts';

const fillStoreScript = join(import.meta.dirname, 'fill-store.sh');

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
    files: [import.meta.filename, fillStoreScript],
    needs: [rootfs, files, images],
    async build(into, { signal, folder, now }) {
      const $ = shellFor(engine, signal);
      const layers = [join(folder(rootfs), 'rootfs.tar'), join(folder(files), 'layer.tar')];
      const name = `holdfast-bare-node-${randomUUID()}`;
      const bare = `localhost/holdfast/${name}:0`;
      const archive = join(into, 'bare.tar');
      const store = join(into, 'store.tar');
      now('giving the bare node to the engine');
      await writeImageArchive($, [{ tag: bare, layers, config: nodeConfig }], archive);
      try {
        await $`docker load --input ${archive}`;
        await rm(archive);
        now('filling its image store');
        await fillStore($, name, bare, join(folder(images), 'images.tar'), store);
        now('writing the image');
        const tag = nodeTag(minor, await locate(recipe));
        await writeImageArchive($, [{ tag, layers: [...layers, store], config: nodeConfig }], join(into, 'images.tar'));
      } finally {
        const cleaning = shellFor(engine)({ nothrow: true });
        await cleaning`docker rm --force --volumes ${name}`;
        await cleaning`docker image rm ${bare}`;
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
 * Has the bare node's containerd import and unpack the images, and writes what it keeps of them as a layer. Its folder is a
 * volume, as overlays do not lie on overlays.
 */
async function fillStore($: Shell, name: string, image: string, images: string, layer: string): Promise<void> {
  const script = await readFile(fillStoreScript, 'utf8');
  const privileges = ['--privileged', '--network=none', '--tmpfs=/run', '--volume=/var/lib/containerd'];
  const container = ['--rm', '--interactive', `--name=${name}`, ...privileges, '--entrypoint=bash', image];
  await $`docker run ${container} -c ${script} < ${images} > ${layer}`;
}
