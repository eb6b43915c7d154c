import type { Cause } from '../../model/cause.ts';

/** The causes of failed requests when pods end and other pods replace them. */
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

/** The same when containers end and are restarted in the same pod. */
export const whenContainersEnd: readonly Cause[] = [...whenPodsEnd, 'crash-window'];

/** The same when nodes are drained. The dependency of the workload may also have run there. */
export const whenNodesEmpty: readonly Cause[] = [...whenPodsEnd, 'http-error'];

/** The same when nodes are lost, cut off or frozen. If they return, they restart their pods. */
export const whenNodesGo: readonly Cause[] = [...whenContainersEnd, 'lost-with-its-node', 'node-down', 'http-error'];

/** The causes when answers are late. */
export const whenSlow: readonly Cause[] = ['overload', 'response-lost', 'no-endpoint', 'keep-alive-close-race'];
