import { factsInWords } from '../guarantees/facts.ts';
import { trialNoun } from '../model/claim.ts';
import type { Disruption, FaultSpec } from '../model/experiment.ts';
import { claimInWords, demandInWords, expectationInWords } from '../model/in-words.ts';
import { plainSeconds } from '../model/number-words.ts';
import { diffOf } from '../model/object-diff.ts';
import { diffInWords } from '../model/object-diff-in-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';
import { labInWords } from './says.ts';

/** Describes a fault from the catalogue: what it does, what it stands for, and how it is undone. */
export type DescribeFault = (fault: FaultSpec) => {
  readonly does: string;
  readonly standsFor: string;
  readonly undone: string;
};

const eventWords = {
  intent: 'started',
  injected: 'injected',
  landed: 'observed to take effect',
  healed: 'undone',
} as const;

/** The guarantees of an arm’s workload, the options of its program, and what its lab is like. */
function workloadInWords({ workload: { facts, options }, lab }: ArmPlan): string {
  const given = factsInWords(facts).filter((fact) => fact.given);
  return [
    ...given.map(({ words }) => words),
    ...Object.values(options).flatMap(({ words }) => words ?? []),
    ...labInWords(unusualLab(lab)),
  ].join(', ');
}

const unusualLab = ({ scheduler, busyWorkers }: ArmPlan['lab']): Partial<ArmPlan['lab']> => ({
  ...(scheduler !== 'default-scheduler' && { scheduler }),
  ...(busyWorkers > 0 && { busyWorkers }),
});

const lacks = ({ workload: { facts } }: ArmPlan): string =>
  factsInWords(facts)
    .filter((fact) => !fact.given)
    .map(({ title }) => title)
    .join(', ');

/** How the objects of an arm differ from those of the workload. */
const differences = ({ workload }: ArmPlan, { objects }: ExperimentPlan): readonly string[] =>
  objects && workload.objects ? diffInWords(diffOf(objects, workload.objects)) : [];

const changedInWords = ({ workload: { changedForLab } }: ArmPlan): string[] =>
  changedForLab.map(({ object, field, why }) => `${object}  ${field}: ${why}`);

/** The fields that the lab changes in all arms alike. */
function changedInAll({ arms }: ExperimentPlan): readonly string[] {
  const [first = [], ...others] = arms.map(changedInWords);
  return first.filter((line) => others.every((lines) => lines.includes(line)));
}

/** Lines below a label. The label stands in front of the first one. */
const labelled = (label: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n    ${label.padEnd(8)}  ${lines.join(`\n${' '.repeat(14)}`)}`;

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
function armText(arm: ArmPlan, experiment: ExperimentPlan, describe: DescribeFault): string {
  const { arms, until } = experiment;
  const inAll = changedInAll(experiment);
  const changedHere = changedInWords(arm).filter((line) => !inAll.includes(line));
  const { traffic, phases, disruptions } = arm;
  const faults = disruptions.map((disruption) => disruptionText(disruption, describe));
  const sent = traffic
    ? `${traffic.freshPerSecond}/s on fresh connections, ${traffic.keptAlivePerSecond}/s on kept-alive ones, ${plainSeconds(traffic.timeoutMs)} time-out, from ${traffic.from === 'worker' ? 'a worker' : 'the control plane'}`
    : 'none (only the states of objects are judged)';
  const places = arms.flatMap((each, index) => (armOf(each) === arm.name ? [index + 1] : []));
  const claimed = until !== undefined && arm.role === 'treatment' && disruptions.length > 0;
  const often = claimed
    ? `at most ${places.length} times, until it is ${claimInWords(until, trialNoun(disruptions))} or one run does not pass`
    : `${places.length === 1 ? 'once' : `${places.length} times`}`;
  return `  ${arm.name} (${arm.role}: ${arm.says})
    runs      ${often}, as run ${places.length > 10 ? `${places[0]} and later` : places.join(', ')} of ${arms.length}
    in        namespace ${arm.namespace}${places.length > 1 ? ' (one for each run)' : ''}, deleted afterwards
    workload  ${workloadInWords(arm)}${labelled('lacks', [lacks(arm)])}${labelled('diff', differences(arm, experiment))}${labelled('lab', changedHere)}
    traffic   ${sent}
    phases    warm-up ${plainSeconds(phases.warmupMs)}, baseline ${plainSeconds(phases.baselineMs)}, fault at least ${plainSeconds(phases.quietMs)}, tail ${plainSeconds(phases.tailMs)}
    fault     ${faults.join('\n              ') || 'none'}
    expects   ${[expectationInWords(arm.expect), ...arm.demands.map(demandInWords)].join('; ')}
`;
}

/** The title of an experiment, and what the lab changes in all of its arms. */
function headText(seed: string, experiment: ExperimentPlan): string {
  const changed = changedInAll(experiment);
  return [
    `${experiment.name}: ${experiment.title} (seed ${seed})`,
    ...(changed.length > 0 ? ['  The lab changes these fields in every arm. No check uses them.'] : []),
    ...changed.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

/** The plan as text. */
export const planText = (seed: string, experiments: readonly ExperimentPlan[], describe: DescribeFault): string =>
  experiments
    .map(
      (experiment) =>
        `${headText(seed, experiment)}\n${experiment.arms
          .filter(({ repeats }) => repeats === undefined)
          .map((arm) => armText(arm, experiment, describe))
          .join('\n')}`,
    )
    .join('\n');
