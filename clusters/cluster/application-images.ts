import { join } from 'node:path';
import { applicationTag, k6Image, specimenImage } from '../node-image/application-images.ts';
import { makeInstalling } from '../node-image/make.ts';
import type { InstallOptions } from '../packages.ts';
import type { Nodes } from './node-shell.ts';

/** An image that runs in the lab, as an archive on the host. */
export interface ApplicationImage {
  readonly tag: string;
  readonly archive: string;
  readonly hash: string;
}

export interface ApplicationImages {
  readonly k6: ApplicationImage;
  readonly specimen: ApplicationImage;
}

/** Builds the load generator's and the specimen's image where they are missing. */
export async function makeApplicationImages(options: InstallOptions): Promise<ApplicationImages> {
  const made = await makeInstalling([k6Image, specimenImage], options);
  const [k6, specimen] = made.map((artefact) => ({
    tag: applicationTag(artefact),
    archive: join(artefact.folder, 'images.tar'),
    hash: artefact.hash,
  }));
  if (!k6 || !specimen) throw new Error('the application images were not built');
  return { k6, specimen };
}

/** Gives each node those images that it lacks. They change more often than a cluster is made. */
export async function loadImages(cluster: Nodes, nodes: readonly string[], images: ApplicationImages): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const listed = await cluster.run(node, ['ctr', '--namespace=k8s.io', 'images', 'list', '--quiet']);
      const present = new Set(listed.stdout.split('\n'));
      for (const { tag, archive } of [images.specimen, images.k6]) {
        if (present.has(tag)) continue;
        await cluster.$`docker exec --interactive ${node} ctr --namespace=k8s.io images import - < ${archive}`;
      }
    }),
  );
}
