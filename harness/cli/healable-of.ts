import { healableCluster } from './heal-cluster.ts';
import { healableContext } from './heal-context.ts';
import type { Healable } from './healable.ts';

/** What is to be put back: behind a context of the user's, where one is named, or a cluster of ours. */
export const healableOf = ({
  cluster,
  context,
}: {
  readonly cluster: string;
  readonly context?: string | undefined;
}): Healable => (context === undefined ? healableCluster(cluster) : healableContext(context));
