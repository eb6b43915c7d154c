import { join } from 'node:path';
import type { ImageSource } from '../../harness/model/cluster.ts';
import type { Progress } from '../../harness/model/progress.ts';
import { locate, make } from '../cache.ts';
import { shellFor } from '../engine/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { nodeImage, nodeTag } from '../node-image/node-image.ts';
import { kind } from '../node-image/small-programs.ts';
import { kubernetesMinor } from '../node-image/versions.ts';

/** Builds kind where it is missing; resolves to the program. */
export async function makeKind(progress: Progress, signal?: AbortSignal): Promise<string> {
  const [made] = await make([kind], { progress, ...(signal && { signal }) });
  return join(made?.folder ?? '', 'kind');
}

/** The node image that the engine has afterwards. */
export async function makeNodeImage(
  source: ImageSource,
  kubernetes: string,
  options: { readonly engine: Engine; readonly progress: Progress; readonly signal?: AbortSignal },
): Promise<string> {
  const $ = shellFor(options.engine.env, options.signal);
  if (source === 'stock') {
    const tag = stockTag(kubernetes);
    if (!(await hasImage(tag))) await options.progress.step(`Pull ${tag}`, () => $`docker pull ${tag}`);
    return tag;
  }
  const minor = kubernetesMinor(kubernetes);
  const recipe = nodeImage(minor, options.engine.env);
  const tag = nodeTag(minor, await locate(recipe));
  if (await hasImage(tag)) return tag;
  const [made] = await make([recipe], options);
  const archive = join(made?.folder ?? '', 'images.tar');
  await options.progress.step('Give the node image to the engine', () => $`docker load --input ${archive}`);
  return tag;

  async function hasImage(name: string): Promise<boolean> {
    return (await $({ nothrow: true })`docker image inspect --format ${'{{.Id}}'} ${name}`).exitCode === 0;
  }
}

/** kind's own image of a Kubernetes release, by tag: a digest cannot name an image that a private registry serves. */
export function stockTag(kubernetes: string): string {
  const version = kubernetes.replace(/^v/, '');
  return `kindest/node:v${/^\d+\.\d+$/.test(version) ? `${version}.0` : version}`;
}
