import { missing } from '../cache.ts';
import { findOrStartEngine } from '../engine/engine.ts';
import type { InstallOptions } from '../packages.ts';
import { k6Image, specimenImage } from './application-images.ts';
import { makeInstalling } from './make.ts';
import { nodeImage } from './node-image.ts';
import { kind } from './small-programs.ts';
import { kubernetesMinor } from './versions.ts';

/** Builds all parts of a lab with the built node image. Parts in the cache are not built again. */
export async function labBuild(options: InstallOptions & { readonly kubernetes: string }): Promise<void> {
  const minor = kubernetesMinor(options.kubernetes);
  const engine = await findOrStartEngine(options);
  const recipes = [kind, k6Image, specimenImage, nodeImage(minor, engine.env)];
  const titles = (await missing(recipes)).map(({ title }) => title);
  options.progress.plan(titles);
  if (titles.length === 0) options.progress.note('Everything is already built.');
  await makeInstalling(recipes, options);
}
