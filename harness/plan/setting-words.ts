import type { WorkloadSettings } from '../model/experiment.ts';
import { factsOf } from '../model/facts.ts';
import { budgetInWords } from '../model/in-words.ts';
import { counted, plainSeconds } from '../model/number-words.ts';
import type { ArmPlan } from '../model/plan.ts';

/** A setting of a workload. */
export type Setting = keyof WorkloadSettings;

const drainWords: { readonly [drain in WorkloadSettings['drain']]: string } = {
  graceful: 'finishes its requests on SIGTERM',
  exit: 'exits at once on SIGTERM',
  ignore: 'ignores SIGTERM',
};

/** Each setting as text, in the order in which they are printed. */
const settingWords: { readonly [setting in Setting]: (arm: ArmPlan) => string } = {
  replicas: (arm) => counted(factsOf(arm).replicas, 'replica'),
  readiness: (arm) => (factsOf(arm).readiness ? 'readiness probe' : 'no readiness probe'),
  preStopSeconds: (arm) => {
    const { preStopSeconds } = factsOf(arm);
    return preStopSeconds > 0 ? `preStop sleep ${preStopSeconds} s` : 'no preStop sleep';
  },
  graceSeconds: (arm) => `grace ${factsOf(arm).graceSeconds} s`,
  startDelayMs: ({ workload }) => `listens ${plainSeconds(workload.startDelayMs)} after it starts`,
  readyDelayMs: ({ workload: { readyDelayMs } }) =>
    readyDelayMs ? `ready ${plainSeconds(readyDelayMs)} after it listens` : 'ready as soon as it listens',
  requestsPerConnection: ({ workload: { requestsPerConnection } }) =>
    requestsPerConnection ? `${requestsPerConnection} requests a connection` : 'no limit of requests a connection',
  workMs: ({ workload }) => `works ${workload.workMs} ms on each request`,
  drain: ({ workload }) => drainWords[workload.drain],
  budget: (arm) => {
    const { budget } = factsOf(arm);
    return budget ? `disruption budget ${budgetInWords(budget)}` : 'no disruption budget';
  },
  antiAffinity: antiAffinityWords,
  antiAffinityOver: antiAffinityWords,
  strategy: (arm) => `strategy ${factsOf(arm).strategy.type}`,
  maxSurge: ({ workload }) => `maxSurge ${workload.maxSurge}`,
  maxUnavailable: ({ workload }) => `maxUnavailable ${workload.maxUnavailable}`,
  scheduler: (arm) => `scheduler profile ${factsOf(arm).scheduler}`,
  busyWorkers: ({ workload: { busyWorkers } }) =>
    busyWorkers > 0 ? counted(busyWorkers, 'busy worker') : 'no busy worker',
  dependency: ({ workload }) =>
    workload.dependency ? 'depends on another Deployment' : 'depends on no other Deployment',
};

function antiAffinityWords(arm: ArmPlan): string {
  const { antiAffinity } = factsOf(arm);
  return antiAffinity ? `${antiAffinity.strength} anti-affinity by ${antiAffinity.over}` : 'no anti-affinity';
}

/** Settings that only few arms use, and whether an arm uses them. */
const isUsed: { readonly [setting in Setting]?: (workload: WorkloadSettings) => boolean } = {
  readyDelayMs: ({ readyDelayMs = 0 }) => readyDelayMs > 0,
  requestsPerConnection: ({ requestsPerConnection = 0 }) => requestsPerConnection > 0,
  workMs: ({ workMs }) => workMs > 0,
  drain: ({ drain }) => drain !== 'graceful',
  strategy: ({ strategy }) => strategy === 'Recreate',
  maxSurge: ({ strategy }) => strategy !== 'Recreate',
  maxUnavailable: ({ strategy }) => strategy !== 'Recreate',
  scheduler: ({ scheduler }) => scheduler !== 'default-scheduler',
  busyWorkers: ({ busyWorkers }) => busyWorkers > 0,
  dependency: ({ dependency }) => dependency,
};

/** Settings of an arm as text. Two settings can have the same text, such as `antiAffinity` and `antiAffinityOver`. */
export const settingsInWords = (arm: ArmPlan, settings: readonly Setting[]): string =>
  [...new Set(settings.map((setting) => settingWords[setting](arm)))].join(', ');

/** What the workload of an arm has and lacks. */
export const workloadInWords = (arm: ArmPlan): string =>
  settingsInWords(
    arm,
    (Object.keys(settingWords) as Setting[]).filter((setting) => isUsed[setting]?.(arm.workload) ?? true),
  );
