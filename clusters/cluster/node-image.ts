import { join } from 'node:path';
import type { Shell } from 'zx';
import type { ImageSource } from '../../harness/model/cluster.ts';
import { locate } from '../cache.ts';
import { shellFor } from '../engine/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { makeInstalling } from '../node-image/make.ts';
import { nodeImage, nodeTag } from '../node-image/node-image.ts';
import { kind } from '../node-image/small-programs.ts';
import { kubernetesMinor } from '../node-image/versions.ts';
import type { InstallOptions } from '../packages.ts';

/** Builds kind where it is missing; resolves to the program. */
export async function makeKind(options: InstallOptions): Promise<string> {
  const [made] = await makeInstalling([kind], options);
  return join(made?.folder ?? '', 'kind');
}

/** The name of the node image that a source has, whether it was made or not. */
export async function nodeImageTag(source: ImageSource, kubernetes: string, engine: Engine): Promise<string> {
  if (source === 'stock') return stockTag(kubernetes);
  const minor = kubernetesMinor(kubernetes);
  return nodeTag(minor, await locate(nodeImage(minor, engine.env)));
}

/** Gives the engine the node image, if it lacks it; resolves to its name. */
export async function makeNodeImage(
  source: ImageSource,
  kubernetes: string,
  options: InstallOptions & { readonly engine: Engine },
): Promise<string> {
  const { engine, progress, signal } = options;
  const $ = shellFor(engine.env, signal);
  const tag = await nodeImageTag(source, kubernetes, engine);
  const inspected = await $({ nothrow: true })`docker image inspect --format ${'{{.Id}}'} ${tag}`;
  if (inspected.exitCode === 0) return tag;
  if (source === 'stock') {
    await progress.step(`Pull ${tag}`, () => $`docker pull ${tag}`);
    return tag;
  }
  const [made] = await makeInstalling([nodeImage(kubernetesMinor(kubernetes), engine.env)], options);
  const archive = join(made?.folder ?? '', 'images.tar');
  await progress.step('Give the node image to the engine', () => $`docker load --input ${archive}`);
  await removeOldImages($, tag);
  return tag;
}

/** Removes earlier node images that no container uses; the cache still has the newest two. */
async function removeOldImages($: Shell, tag: string): Promise<void> {
  const repository = tag.replace(/:[^:]+$/, '');
  const listed = await $`docker image ls --format ${'{{.Repository}}:{{.Tag}}'} ${repository}`;
  const old = listed.stdout.split('\n').filter((other) => other !== '' && other !== tag);
  if (old.length > 0) await $({ nothrow: true })`docker image rm ${old}`;
}

/** kind's own image of a Kubernetes release, by tag: a digest cannot name an image that a private registry serves. */
export function stockTag(kubernetes: string): string {
  const version = kubernetes.replace(/^v/, '');
  return `kindest/node:v${/^\d+\.\d+$/.test(version) ? `${version}.0` : version}`;
}

/** Whether the image brings a pod network that kind installs. Asked of the image: not every one of that name does. */
export async function hasPodNetwork(
  image: string,
  { env }: Pick<Engine, 'env'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const manifest = '/kind/manifests/default-cni.yaml';
  const looked = await shellFor(
    env,
    signal,
  )({
    nothrow: true,
  })`docker run --rm --network none --entrypoint test ${image} -e ${manifest}`;
  if (looked.exitCode === 0 || looked.exitCode === 1) return looked.exitCode === 0;
  throw new Error(`The node image ${image} does not run: ${looked.stderr.trim()}`);
}
