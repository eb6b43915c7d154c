import { isDeepStrictEqual } from 'node:util';
import { trialNoun } from '../model/claim.ts';
import type { Disruption, FaultSpec, WorkloadSettings } from '../model/experiment.ts';
import { factsOf } from '../model/facts.ts';
import { budgetInWords, claimInWords, demandInWords, expectationInWords } from '../model/in-words.ts';
import { counted, plainSeconds } from '../model/number-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';

/** Describes a fault from the catalogue: what it does, what it stands for, and how it is undone. */
export type DescribeFault = (fault: FaultSpec) => {
  readonly does: string;
  readonly standsFor: string;
  readonly undone: string;
};

type Setting = keyof WorkloadSettings;

const drainWords: { readonly [drain in WorkloadSettings['drain']]: string } = {
  graceful: 'finishes its requests on SIGTERM',
  exit: 'exits at once on SIGTERM',
  ignore: 'ignores SIGTERM',
};

/** Each setting as text: the planned facts, the behaviour of the specimen, and the conditions of the lab. */
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
  drain: ({ workload }) => drainWords[workload.drain],
  workMs: ({ workload }) => `works ${workload.workMs} ms on each request`,
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

/** What an arm has or lacks. Settings that only few experiments use are listed only if they are used. */
function guarantees(arm: ArmPlan): string[] {
  const { workload } = arm;
  const settings: readonly Setting[] = [
    'replicas',
    'readiness',
    'preStopSeconds',
    'graceSeconds',
    'startDelayMs',
    ...(workload.readyDelayMs ? (['readyDelayMs'] as const) : []),
    ...(workload.requestsPerConnection ? (['requestsPerConnection'] as const) : []),
    ...(workload.workMs > 0 ? (['workMs'] as const) : []),
    ...(workload.drain === 'graceful' ? [] : (['drain'] as const)),
    'budget',
    'antiAffinity',
    ...(workload.strategy === 'Recreate' ? (['strategy'] as const) : (['maxSurge', 'maxUnavailable'] as const)),
    ...(workload.scheduler === 'default-scheduler' ? [] : (['scheduler'] as const)),
    ...(workload.busyWorkers > 0 ? (['busyWorkers'] as const) : []),
    ...(workload.dependency ? (['dependency'] as const) : []),
  ];
  return settings.map((setting) => settingWords[setting](arm));
}

const eventWords = {
  intent: 'started',
  injected: 'injected',
  landed: 'observed to take effect',
  healed: 'undone',
} as const;

/** The settings that differ between the arms of an experiment. */
const differing = (arms: readonly ArmPlan[]): readonly Setting[] => {
  const [first] = arms;
  if (!first) return [];
  const names = new Set(arms.flatMap(({ workload }) => Object.keys(workload) as Setting[]));
  return [...names].filter((name) =>
    arms.some(({ workload }) => !isDeepStrictEqual(workload[name], first.workload[name])),
  );
};

function whenInWords({ when }: Disruption): string {
  if ('atMs' in when) return `${plainSeconds(when.atMs)} into the fault phase`;
  if ('after' in when) return `${plainSeconds(when.delayMs)} after ${when.after} was ${eventWords[when.event]}`;
  return `${plainSeconds(when.delayMs)} after no more than ${when.readyAtMost} endpoints are ready`;
}

function untilInWords({ until, limitMs }: Disruption): string {
  const most = `time limit ${plainSeconds(limitMs)}`;
  if (!until) return `held until it has taken effect; ${most}`;
  if ('after' in until)
    return `held until ${plainSeconds(until.delayMs)} after ${until.after} was ${eventWords[until.event]}; ${most}`;
  if ('ms' in until) return `held for ${plainSeconds(until.ms)} after it has taken effect; ${most}`;
  return `held until ${until.readyAtLeast} endpoints are ready again; ${most}`;
}

function disruptionText(disruption: Disruption, describe: DescribeFault): string {
  const { id, fault } = disruption;
  const { does, standsFor, undone } = describe(fault);
  const params = Object.keys(fault.params).length > 0 ? ` ${JSON.stringify(fault.params)}` : '';
  return [
    `${fault.name} (${id})${params}`,
    `  ${does}`,
    `  stands for  ${standsFor}`,
    `  when        ${whenInWords(disruption)}; ${untilInWords(disruption)}`,
    `  undone      ${undone}`,
  ].join('\n              ');
}

/** An arm with all its runs, which differ only in their position. */
function armText(arm: ArmPlan, { arms, until }: ExperimentPlan, describe: DescribeFault): string {
  const { traffic, phases, disruptions } = arm;
  const faults = disruptions.map((disruption) => disruptionText(disruption, describe));
  const sent = traffic
    ? `${traffic.freshPerSecond}/s on fresh connections, ${traffic.keptAlivePerSecond}/s on kept-alive ones, ${plainSeconds(traffic.timeoutMs)} time-out, from ${traffic.from === 'worker' ? 'a worker' : 'the control plane'}`
    : 'none (only the states of objects are judged)';
  // Two settings can be one text, such as antiAffinity and antiAffinityOver.
  const differs = [...new Set(differing(arms).map((setting) => settingWords[setting](arm)))];
  const places = arms.flatMap((each, index) => (armOf(each) === arm.name ? [index + 1] : []));
  const claimed = until !== undefined && arm.role === 'treatment' && disruptions.length > 0;
  const often = claimed
    ? `at most ${places.length} times, until it is ${claimInWords(until, trialNoun(disruptions))} or one run does not pass`
    : `${places.length === 1 ? 'once' : `${places.length} times`}`;
  return `  ${arm.name} (${arm.role}: ${arm.says})
    runs      ${often}, as run ${places.length > 10 ? `${places[0]} and later` : places.join(', ')} of ${arms.length}
    in        namespace ${arm.namespace}${places.length > 1 ? ' (one for each run)' : ''}, deleted afterwards
    workload  ${guarantees(arm).join(', ')}${differs.length > 0 ? `\n    differs   ${differs.join(', ')}` : ''}
    traffic   ${sent}
    phases    warm-up ${plainSeconds(phases.warmupMs)}, baseline ${plainSeconds(phases.baselineMs)}, fault at least ${plainSeconds(phases.quietMs)}, tail ${plainSeconds(phases.tailMs)}
    fault     ${faults.join('\n              ') || 'none'}
    expects   ${[expectationInWords(arm.expect), ...arm.demands.map(demandInWords)].join('; ')}
`;
}

/** The plan as text. */
export const planText = (seed: string, experiments: readonly ExperimentPlan[], describe: DescribeFault): string =>
  experiments
    .map(
      (experiment) =>
        `${experiment.name}: ${experiment.title} (seed ${seed})\n${experiment.arms
          .filter(({ repeats }) => repeats === undefined)
          .map((arm) => armText(arm, experiment, describe))
          .join('\n')}`,
    )
    .join('\n');
