import { isDeepStrictEqual } from 'node:util';
import { trialNoun } from '../model/claim.ts';
import type { Disruption, FaultSpec, WorkloadSettings } from '../model/experiment.ts';
import { factsOf } from '../model/facts.ts';
import { budgetInWords, claimInWords, demandInWords, expectationInWords } from '../model/in-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';

/** Describes a fault from the catalogue: what it does, what it stands for, and how it is undone. */
export type DescribeFault = (fault: FaultSpec) => {
  readonly does: string;
  readonly standsFor: string;
  readonly undone: string;
};

const secondsOf = (ms: number) => `${ms / 1000} s`;

/** The planned settings of the workload, the behaviour of the specimen, and the conditions of the lab. */
function guarantees(arm: ArmPlan): string[] {
  const { replicas, readiness, preStopSeconds, graceSeconds, budget, antiAffinity, strategy, scheduler } = factsOf(arm);
  const { workload } = arm;
  return [
    `${replicas} replicas`,
    readiness ? 'readiness probe' : 'no readiness probe',
    preStopSeconds > 0 ? `preStop sleep ${preStopSeconds} s` : 'no preStop sleep',
    `grace ${graceSeconds} s`,
    `listens ${secondsOf(workload.startDelayMs)} after it starts`,
    ...(workload.readyDelayMs ? [`ready ${secondsOf(workload.readyDelayMs)} later`] : []),
    ...(workload.requestsPerConnection ? [`${workload.requestsPerConnection} requests a connection`] : []),
    budget ? `disruption budget ${budgetInWords(budget)}` : 'no disruption budget',
    antiAffinity ? `${antiAffinity.strength} anti-affinity by ${antiAffinity.over}` : 'no anti-affinity',
    ...(strategy.type === 'Recreate' ? ['strategy Recreate'] : []),
    ...(scheduler === 'default-scheduler' ? [] : [`scheduler profile ${scheduler}`]),
    ...(workload.busyWorkers > 0 ? [`${workload.busyWorkers} busy workers`] : []),
    ...(workload.dependency ? ['depends on another Deployment'] : []),
  ];
}

const eventWords = {
  intent: 'started',
  injected: 'injected',
  landed: 'observed to take effect',
  healed: 'undone',
} as const;

/** The settings that differ between the arms of an experiment. */
const differing = (arms: readonly ArmPlan[]): readonly (keyof WorkloadSettings)[] => {
  const [first] = arms;
  if (!first) return [];
  const names = new Set(arms.flatMap(({ workload }) => Object.keys(workload) as (keyof WorkloadSettings)[]));
  return [...names].filter((name) =>
    arms.some(({ workload }) => !isDeepStrictEqual(workload[name], first.workload[name])),
  );
};

const settingInWords = ({ workload }: ArmPlan, name: keyof WorkloadSettings): string => {
  const value = workload[name];
  return `${name} ${typeof value === 'object' ? JSON.stringify(value) : (value ?? 'not set')}`;
};

function whenInWords({ when }: Disruption): string {
  if ('atMs' in when) return `${secondsOf(when.atMs)} into the fault phase`;
  if ('after' in when) return `${secondsOf(when.delayMs)} after ${when.after} was ${eventWords[when.event]}`;
  return `${secondsOf(when.delayMs)} after no more than ${when.readyAtMost} endpoints are ready`;
}

function untilInWords({ until, limitMs }: Disruption): string {
  const most = `time limit ${secondsOf(limitMs)}`;
  if (!until) return `held until it has taken effect; ${most}`;
  if ('after' in until)
    return `held until ${secondsOf(until.delayMs)} after ${until.after} was ${eventWords[until.event]}; ${most}`;
  if ('ms' in until) return `held for ${secondsOf(until.ms)} after it has taken effect; ${most}`;
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
    ? `${traffic.freshPerSecond}/s on fresh connections, ${traffic.keptAlivePerSecond}/s on kept-alive ones, ${secondsOf(traffic.timeoutMs)} time-out, from ${traffic.from === 'worker' ? 'a worker' : 'the control plane'}`
    : 'none (only the states of objects are judged)';
  const differs = differing(arms).map((name) => settingInWords(arm, name));
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
    phases    warm-up ${secondsOf(phases.warmupMs)}, baseline ${secondsOf(phases.baselineMs)}, fault at least ${secondsOf(phases.quietMs)}, tail ${secondsOf(phases.tailMs)}
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
