import { join } from 'node:path';
import type { Shell } from 'zx';
import type { ImageSource } from '../../harness/model/cluster.ts';
import { type Artefact, missing } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { applicationTag, k6Image, specimenImage } from '../node-image/application-images.ts';
import { makeInstalling } from '../node-image/make.ts';
import { nodeImage } from '../node-image/node-image.ts';
import { kind } from '../node-image/small-programs.ts';
import { kubernetesMinor } from '../node-image/versions.ts';
import type { InstallOptions } from '../packages.ts';
import type { ApplicationImage, ApplicationImages } from './application-images.ts';
import { nodeImageTag } from './node-image.ts';

export interface PartsOptions extends InstallOptions {
  readonly engine: Engine;
  readonly kubernetes: string;
  /** Titles of the caller's later steps, so that all steps are numbered. */
  readonly afterwards: readonly string[];
}

/** The parts of a cluster: kind, a node image in the engine, and the images that are loaded into the nodes. */
export interface Parts {
  readonly kind: string;
  readonly nodeImage: string;
  readonly images: ApplicationImages;
}

/** Builds or pulls the missing parts of a cluster. */
export async function makeParts(source: ImageSource, options: PartsOptions): Promise<Parts> {
  const { engine, kubernetes, progress, signal } = options;
  const $ = shellFor(engine.env, signal);
  const tag = await nodeImageTag(source, kubernetes, engine);
  const there = (await $({ nothrow: true })`docker image inspect --format ${'{{.Id}}'} ${tag}`).exitCode === 0;
  const node = there || source === 'stock' ? [] : [nodeImage(kubernetesMinor(kubernetes), engine.env)];
  const recipes = [kind, k6Image, specimenImage, ...node];
  const arrival = source === 'stock' ? `Pull ${tag}` : 'Load the node image into the engine';
  const titles = (await missing(recipes)).map(({ title }) => title);
  progress.plan([...titles, ...(there ? [] : [arrival]), ...options.afterwards]);

  const [madeKind, madeK6, madeSpecimen, madeNode] = await makeInstalling(recipes, options);
  if (!madeKind || !madeK6 || !madeSpecimen) throw new Error('a part of the lab was not built');
  if (!there) await progress.step(arrival, () => bringImage($, tag, madeNode));
  return {
    kind: join(madeKind.folder, 'kind'),
    nodeImage: tag,
    images: { k6: applicationImage(madeK6), specimen: applicationImage(madeSpecimen) },
  };
}

/** Only the parts that an existing cluster may lack. */
export async function makeApplicationImages(
  options: InstallOptions & Pick<PartsOptions, 'afterwards'>,
): Promise<ApplicationImages> {
  const recipes = [k6Image, specimenImage];
  const titles = (await missing(recipes)).map(({ title }) => title);
  options.progress.plan([...titles, ...options.afterwards]);
  const [k6, specimen] = await makeInstalling(recipes, options);
  if (!k6 || !specimen) throw new Error('an image of the lab was not built');
  return { k6: applicationImage(k6), specimen: applicationImage(specimen) };
}

const applicationImage = (artefact: Artefact): ApplicationImage => ({
  tag: applicationTag(artefact),
  archive: join(artefact.folder, 'images.tar'),
  hash: artefact.hash,
});

async function bringImage($: Shell, tag: string, made: Artefact | undefined): Promise<void> {
  if (!made) {
    await $`docker pull ${tag}`;
    return;
  }
  await $`docker load --input ${join(made.folder, 'images.tar')}`;
  await removeOldImages($, tag);
}

/** Removes earlier node images that no container uses. The cache keeps the previous one. */
async function removeOldImages($: Shell, tag: string): Promise<void> {
  const repository = tag.replace(/:[^:]+$/, '');
  const listed = await $`docker image ls --format ${'{{.Repository}}:{{.Tag}}'} ${repository}`;
  const old = listed.stdout.split('\n').filter((other) => other !== '' && other !== tag);
  if (old.length > 0) await $({ nothrow: true })`docker image rm ${old}`;
}
