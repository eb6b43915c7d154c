import type { ImageSource } from '../../harness/model/cluster.ts';
import { locate } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { nodeImage, nodeTag } from '../node-image/node-image.ts';
import { kubernetesMinor } from '../node-image/versions.ts';

/** The name of the node image of a source, whether it exists or not. */
export async function nodeImageTag(source: ImageSource, kubernetes: string, engine: Engine): Promise<string> {
  if (source === 'stock') return stockTag(kubernetes);
  const minor = kubernetesMinor(kubernetes);
  return nodeTag(minor, await locate(nodeImage(minor, engine.env)));
}

/** The id of the image of a container. */
export async function imageOf(container: string, { env }: Pick<Engine, 'env'>, signal?: AbortSignal): Promise<string> {
  const $ = shellFor(env, signal);
  return (await $`docker inspect --type=container --format ${'{{.Image}}'} ${container}`).stdout.trim();
}

/**
 * The node image of kind for a Kubernetes release, by tag: a digest cannot name an image that a private registry
 * serves.
 */
export function stockTag(kubernetes: string): string {
  const version = kubernetes.replace(/^v/, '');
  return `kindest/node:v${/^\d+\.\d+$/.test(version) ? `${version}.0` : version}`;
}

/**
 * Whether the image contains a pod network that kind installs. The image is inspected, because its name does not tell.
 */
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
