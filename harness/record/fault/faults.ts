/** Every fault. A line here makes a fault available to experiments, to the recorder and to `./holdfast list`. */

export { apiServerDown } from './api-server-down.ts';
export { badVersion } from './bad-version.ts';
export { controlPlaneStop } from './control-plane-stop.ts';
export { cordon } from './cordon.ts';
export { cpuBurn } from './cpu-burn.ts';
export { crashLoop } from './crash-loop.ts';
export { dependencyOff } from './dependency-off.ts';
export { dependencySlow } from './dependency-slow.ts';
export { drain } from './drain.ts';
export { evict } from './evict.ts';
export { kubectlDrain } from './kubectl-drain.ts';
export { memoryPressure } from './memory-pressure.ts';
export { networkCardDown } from './network-card-down.ts';
export { networkDelay } from './network-delay.ts';
export { networkPolicy } from './network-policy.ts';
export { nodePartition } from './node-partition.ts';
export { nodeKill, nodePause, nodeRestart, nodeStop } from './node-power.ts';
export { nodeTaint } from './node-taint.ts';
export { outOfMemory } from './out-of-memory.ts';
export { podDelete, podForceDelete } from './pod-delete.ts';
export { preemption } from './preemption.ts';
export { processKill } from './process-kill.ts';
export { recreate } from './recreate.ts';
export { rollback } from './rollback.ts';
export { restart, rollout } from './rollout.ts';
export { scale } from './scale.ts';
