import type { Cause } from '../../model/cause.ts';

/** What requests fail for where pods end, and others start in their place. */
export const whenPodsEnd: readonly Cause[] = [
  'killed-in-flight',
  'response-lost',
  'overload',
  'no-endpoint',
  'not-listening-yet',
  'terminated-still-routed',
  'stale-conntrack',
  'keep-alive-close-race',
];

/** Where containers end, and are started again in the same pod. */
export const whenContainersEnd: readonly Cause[] = [...whenPodsEnd, 'crash-window'];

/** Where nodes are emptied: what the workload depends on may have stood there, too. */
export const whenNodesEmpty: readonly Cause[] = [...whenPodsEnd, 'http-error'];

/** Where nodes are lost, cut off or frozen. Those that come back start their pods again. */
export const whenNodesGo: readonly Cause[] = [...whenContainersEnd, 'lost-with-its-node', 'node-down', 'http-error'];

/** Where answers are late. */
export const whenSlow: readonly Cause[] = ['overload', 'response-lost', 'no-endpoint', 'keep-alive-close-race'];
