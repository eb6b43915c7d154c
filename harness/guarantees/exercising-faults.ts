/** Groups of faults by what they do to pods, for `exercisedBy`. Names are those of the catalogue. */

/** They replace all pods by those of another revision, with the strategy of the owner. */
export const rollouts = ['rollout', 'restart', 'rollback', 'bad-version'] as const;

/** They call the Eviction API. Preemption only prefers victims without a budget. */
export const evictions = ['drain', 'kubectl-drain', 'evict'] as const;

/** They end pods through the API, with their hooks and their grace period. */
export const gracefulEnds = [
  ...rollouts,
  'recreate',
  'scale',
  ...evictions,
  'pod-delete',
  'node-taint',
  'preemption',
] as const;

/** They make a node lose its pods or its network. */
export const lostNodes = [
  'node-kill',
  'node-stop',
  'node-pause',
  'node-restart',
  'node-partition',
  'network-card-down',
] as const;

/** They kill a container, which the kubelet restarts in place. */
export const containerEnds = ['process-kill', 'out-of-memory', 'crash-loop'] as const;

/** Afterwards the controller creates pods, or the kubelet restarts containers. */
export const starts = [...gracefulEnds, 'pod-force-delete', 'memory-pressure', ...lostNodes, ...containerEnds] as const;

/** They hit the pods of a node, so that it matters how many of them it has. */
const nodeFaults = [
  ...lostNodes,
  'drain',
  'kubectl-drain',
  'node-taint',
  'memory-pressure',
  'cpu-burn',
  'network-delay',
] as const;

/** They show where replicas are, or create pods that the scheduler places. */
export const placements = [
  ...new Set([...nodeFaults, ...gracefulEnds, 'pod-force-delete']),
] as const satisfies readonly string[];
