import { basename } from 'node:path';
import { locate, type Recipe } from '../cache.ts';
import { k6Image, specimenImage } from '../node-image/application-images.ts';
import { nodeImage } from '../node-image/node-image.ts';
import { kind } from '../node-image/small-programs.ts';
import { defaultKubernetes } from '../node-image/versions.ts';

/** All that a lab on a machine without a network needs from its cache. Only building would need the engine. */
export const labRecipes: readonly Recipe[] = [nodeImage(defaultKubernetes, {}), kind, k6Image, specimenImage];

/** The artefacts' names in the cache, as this checkout makes them. */
export const labFolders = async (): Promise<string[]> =>
  (await Promise.all(labRecipes.map(locate))).map(({ folder }) => basename(folder));
