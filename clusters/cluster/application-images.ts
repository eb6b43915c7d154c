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

/** Loads missing images into each node. They change more often than a cluster is created. */
export async function loadImages(cluster: Nodes, nodes: readonly string[], images: ApplicationImages): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const listed = await cluster.run(node, ['ctr', '--namespace=k8s.io', 'images', 'list', '--quiet']);
      const present = new Set(listed.stdout.split('\n'));
      for (const { tag, archive } of [images.specimen, images.k6]) {
        if (present.has(tag)) continue;
        await cluster.$`docker exec --interactive ${cluster.container(node)} ctr --namespace=k8s.io images import - < ${archive}`;
      }
    }),
  );
}
