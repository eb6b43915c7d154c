import { createHash } from 'node:crypto';
import { link, mkdir, rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Shell } from 'zx';
import { readStream } from '../../harness/sys/files/read.ts';
import { writeWhole } from '../../harness/sys/files/write.ts';

/** A container image, written without an engine: the same input gives the same bytes. */
export interface Image {
  readonly tag: string;
  /** Tar files, the lowest first. */
  readonly layers: readonly string[];
  /** The `config` of the image specification. */
  readonly config: ImageConfig;
}

export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Env?: readonly string[];
  readonly StopSignal?: string;
}

/** Modes are part of an archive's bytes. */
const archived = { mode: 0o644 };
const maxLayerBytes = 8 * 1024 ** 3;
const epoch = '1970-01-01T00:00:00Z';
const architectures: { readonly [arch: string]: string } = { x64: 'amd64', arm64: 'arm64' };

/** The name that container images give this machine's architecture. */
export const imageArchitecture = (): string => architectures[arch()] ?? arch();

/** Packs a folder as a layer: owned by root, no times, in order. */
export async function writeLayer($: Shell, folder: string, file: string): Promise<void> {
  await $`tar --create --file=${file} --directory=${folder} --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .`;
}

/** Writes an archive that `docker load` and `ctr images import` read. */
export async function writeImageArchive($: Shell, images: readonly Image[], file: string): Promise<void> {
  const staging = join(dirname(file), 'archive');
  await mkdir(staging);
  const manifest = [];
  for (const { tag, layers, config } of images) {
    const digests: string[] = [];
    for (const layer of layers) {
      const digest = await sha256(layer);
      await link(layer, join(staging, `${digest}.tar`)).catch(ignoreExisting);
      digests.push(digest);
    }
    const text = JSON.stringify({
      architecture: imageArchitecture(),
      os: 'linux',
      created: epoch,
      config,
      rootfs: { type: 'layers', diff_ids: digests.map((digest) => `sha256:${digest}`) },
      history: digests.map(() => ({ created: epoch })),
    });
    const name = `${createHash('sha256').update(text).digest('hex')}.json`;
    writeWhole(staging, name, text, archived);
    manifest.push({ Config: name, RepoTags: [tag], Layers: digests.map((digest) => `${digest}.tar`) });
  }
  writeWhole(staging, 'manifest.json', JSON.stringify(manifest), archived);
  await writeLayer($, staging, file);
  await rm(staging, { recursive: true });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  const content = readStream(dirname(file), basename(file), { maxBytes: maxLayerBytes });
  if (!content) throw new Error(`there is no layer ${file}`);
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
