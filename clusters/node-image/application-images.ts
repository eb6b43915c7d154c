import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readOwnFile } from '../../harness/sys/files/system.ts';
import { writeWhole } from '../../harness/sys/files/write.ts';
import { checkoutDir } from '../../harness/sys/paths.ts';
import { type Artefact, locate, type Recipe } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';
import { writeImageArchive, writeLayer } from './image-archive.ts';
import { k6 } from './k6.ts';
import { rootfs } from './rootfs.ts';
import { copyWithLibraries, unpack } from './unpacked.ts';

const specimenFolder = join(checkoutDir(), 'experiments/workloads/specimen');
const nodePackage = `node-linux-${arch()}`;

function nodePackageFile(): string {
  try {
    return createRequire(import.meta.url).resolve(`${nodePackage}/package.json`);
  } catch (error) {
    throw new Error(`The npm package ${nodePackage} is not installed. Install it with: npm ci --include=optional`, {
      cause: error,
    });
  }
}

const nodeVersion = (): string => JSON.parse(readOwnFile(pathToFileURL(nodePackageFile()))).version;

/** Node with the libraries that it loads, as `layer.tar`. */
const nodeLayer: Recipe = {
  name: 'node-layer',
  title: 'Pack Node',
  get values() {
    return { nodePackage, version: nodeVersion() };
  },
  files: [],
  needs: [rootfs],
  async build(into, { signal, folder }) {
    const $ = shellFor({}, signal);
    const debian = join(into, 'debian');
    const tree = join(into, 'tree');
    await unpack($, join(folder(rootfs), 'rootfs.tar'), debian);
    const program = join(dirname(nodePackageFile()), 'bin/node');
    await copyWithLibraries($, debian, [{ from: program, path: 'usr/local/bin/node' }], tree);
    await writeLayer($, tree, join(into, 'layer.tar'));
    await rm(debian, { recursive: true });
    await rm(tree, { recursive: true });
  },
};

/** The workload under test: Node and a few files that it runs as they are. */
export const specimenImage: Recipe = {
  name: 'specimen',
  title: 'Pack the specimen',
  values: {},
  files: [import.meta.filename, specimenFolder],
  needs: [nodeLayer],
  async build(into, { signal, folder }) {
    const $ = shellFor({}, signal);
    const tree = join(into, 'tree');
    await mkdir(join(tree, 'specimen'), { recursive: true });
    for (const name of await readdir(specimenFolder)) {
      if (!name.endsWith('.test.ts'))
        await cp(join(specimenFolder, name), join(tree, 'specimen', name), { recursive: true });
    }
    writeWhole(tree, 'specimen/package.json', '{"type":"module"}', { mode: 0o644 });
    const layer = join(into, 'layer.tar');
    await writeLayer($, tree, layer);
    await writeImageArchive(
      $,
      [
        {
          tag: applicationTag(await locate(specimenImage)),
          layers: [join(folder(nodeLayer), 'layer.tar'), layer],
          config: { Entrypoint: ['/usr/local/bin/node', '/specimen/server.ts'] },
        },
      ],
      join(into, 'images.tar'),
    );
    await rm(tree, { recursive: true });
    await rm(layer);
  },
};

/** The load generator. */
export const k6Image: Recipe = {
  name: 'k6-image',
  title: 'Pack k6',
  values: {},
  files: [import.meta.filename],
  needs: [k6],
  async build(into, { signal, folder }) {
    const $ = shellFor({}, signal);
    const tree = join(into, 'tree');
    await mkdir(join(tree, 'usr/local/bin'), { recursive: true });
    await mkdir(join(tree, 'tmp'));
    await cp(join(folder(k6), 'k6'), join(tree, 'usr/local/bin/k6'));
    const layer = join(into, 'layer.tar');
    await writeLayer($, tree, layer);
    await writeImageArchive(
      $,
      [
        {
          tag: applicationTag(await locate(k6Image)),
          layers: [layer],
          config: { Entrypoint: ['/usr/local/bin/k6'], Env: ['HOME=/tmp'] },
        },
      ],
      join(into, 'images.tar'),
    );
    await rm(tree, { recursive: true });
    await rm(layer);
  },
};

/** The image's name: the content is in the tag, so that a node either has it or does not. `localhost` is never pulled. */
export const applicationTag = ({ name, hash }: Artefact): string =>
  `localhost/holdfast/${name.replace('-image', '')}:${hash}`;
