import type { Owner } from '../model/owner.ts';
import type { Witness } from './witness.ts';

export type PodsPlan = { readonly pods: readonly { readonly name: string }[]; readonly replicas: number };

/** Each pod was seen to end, and as many endpoints as before are ready. */
export const podsReplaced: Witness<PodsPlan> = (observed, { pods, replicas }) => {
  const left = pods.filter(({ name }) => !observed.gone.has(name));
  if (pods.length === 0 || left.length > 0)
    return { waitingFor: `${left.map(({ name }) => name).join(', ') || 'pods'} to be gone` };
  const ready = observed.readyEndpoints().length;
  if (ready < replicas) return { waitingFor: `${ready} of ${replicas} endpoints to be ready` };
  return { saw: `${pods.map(({ name }) => name).join(', ')} gone, and ${ready} endpoints ready` };
};

export type RestartPlan = {
  readonly pods: readonly { readonly name: string; readonly restarts: number }[];
  /** How the container must have ended. */
  readonly endedBy: 'SIGKILL' | 'OOMKilled';
};

/** 128 + 9: the process was killed by SIGKILL. */
const killed = 137;

/** The container of each pod ended that way and was restarted. */
export const containersRestarted: Witness<RestartPlan> = (observed, { pods, endedBy }) => {
  const missing = pods.filter(({ name, restarts }) => {
    const containers = observed.pods.get(name)?.containers ?? [];
    return !containers.some(
      ({ restartCount, ended }) =>
        restartCount > restarts &&
        (endedBy === 'OOMKilled' ? ended?.reason === 'OOMKilled' : ended?.exitCode === killed),
    );
  });
  if (pods.length === 0 || missing.length > 0)
    return {
      waitingFor: `${missing.map(({ name }) => name).join(', ') || 'containers'} to be restarted after ${endedBy}`,
    };
  return { saw: `${pods.map(({ name }) => name).join(', ')} restarted after ${endedBy}` };
};

export type CrashLoopPlan = {
  readonly pod: { readonly name: string; readonly restarts: number };
  readonly crashes: number;
};

/** The kubelet restarted the container and now waits before the next restart. */
export const crashLooping: Witness<CrashLoopPlan> = (observed, { pod: { name, restarts }, crashes }) => {
  const containers = observed.pods.get(name)?.containers ?? [];
  const looping = containers.find(({ state, reason }) => state === 'waiting' && reason === 'CrashLoopBackOff');
  // The last crash is not counted as a restart yet.
  if (!looping || looping.restartCount < restarts + crashes - 1)
    return { waitingFor: `${name} to be in CrashLoopBackOff after ${crashes} crashes` };
  return { saw: `${name} in CrashLoopBackOff, after ${looping.restartCount - restarts + 1} crashes` };
};

export type ScalePlan = {
  readonly owner: Owner;
  readonly from: number;
  readonly to: number;
  readonly before: readonly string[];
  /** Whether the added pods must stay unschedulable. */
  readonly pending: boolean;
};

/** The workload has the new size. If the added pods must stay unschedulable, the scheduler reported so for each. */
export const scaled: Witness<ScalePlan> = (observed, { owner, to, before, pending, from }, { since }) => {
  const state = observed.owners[owner.kind].get(owner.name);
  if (state?.desired !== to) return { waitingFor: `${owner.kind} ${owner.name} to have ${to} desired replicas` };
  const added = [...observed.pods].filter(([name]) => !before.includes(name));
  if (pending) {
    const refused = added.filter(
      ([name, pod]) => pod.phase === 'Pending' && pod.node === '' && observed.hasEvent(name, 'FailedScheduling', since),
    );
    if (refused.length < to - from) return { waitingFor: `${refused.length} of ${to - from} pods to be unschedulable` };
    return { saw: `scaled from ${from} to ${to}, and ${refused.length} could not be scheduled` };
  }
  if (state.available !== to || state.replicas !== to) return { waitingFor: `${state.available} of ${to} available` };
  const ready = observed.readyEndpoints().length;
  if (ready !== to) return { waitingFor: `${ready} ready endpoints to be ${to}` };
  return { saw: `scaled from ${from} to ${to}` };
};
