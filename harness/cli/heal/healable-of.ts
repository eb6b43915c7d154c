import { healableCluster } from './cluster.ts';
import { healableContext } from './context.ts';
import type { Healable } from './healable.ts';

/** The cluster to heal: the one behind a context if it is named, otherwise the lab cluster. */
export const healableOf = ({
  cluster,
  context,
}: {
  readonly cluster: string;
  readonly context?: string | undefined;
}): Healable => (context === undefined ? healableCluster(cluster) : healableContext(context));
