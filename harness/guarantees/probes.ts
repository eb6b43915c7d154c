import { starts } from './exercising-faults.ts';
import { probeGuarantee } from './probe.ts';

// A dependency that is down or slow makes a process not ready if its probe asks for it, and cpu-burn makes probes late.
export const readiness = probeGuarantee('readiness', [...starts, 'cpu-burn', 'dependency-off', 'dependency-slow']);

export const startup = probeGuarantee('startup', starts);

// Only processes that run but do not answer. The kubelet restarts a process that ended without being asked.
export const liveness = probeGuarantee('liveness', ['bad-version', 'cpu-burn', 'dependency-off', 'dependency-slow']);
