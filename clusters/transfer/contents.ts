import { basename } from 'node:path';
import { locate, type Recipe } from '../cache.ts';
import { k6Image, specimenImage } from '../node-image/application-images.ts';
import { nodeImage } from '../node-image/node-image.ts';
import { kind } from '../node-image/small-programs.ts';
import { defaultKubernetes } from '../node-image/versions.ts';

/** The artefacts in the cache that a lab needs on a machine without a network. Only the build would need the engine. */
export const labRecipes: readonly Recipe[] = [nodeImage(defaultKubernetes, {}), kind, k6Image, specimenImage];

/** The names of the artefacts in the cache, for this checkout. */
export const labFolders = async (): Promise<string[]> =>
  (await Promise.all(labRecipes.map(locate))).map(({ folder }) => basename(folder));
