import { isDeepStrictEqual } from 'node:util';
import { guarantees } from '../../guarantees/registry.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { exitCodes } from '../../model/verdict.ts';
import { planExperiment } from '../../plan/plan.ts';
import type { Exercise } from './drill.ts';
import { type RunOptions, runAndAsk } from './holdfast.ts';
import { type Done, endInWords } from './output.ts';

/** A treatment that lacks what an unprotected arm lacks. */
export interface Flip {
  readonly experiment: string;
  readonly arm: string;
  /** `preStop=none`: a value of `--set` for this arm. */
  readonly without: string;
}

/**
 * The flips of an experiment. Each treatment gets the one difference of an unprotected arm that has the same faults and
 * differs from it in one thing only. If there is no such arm, the treatment loses each guarantee that any unprotected arm
 * lacks and that its faults exercise.
 */
export function flipsOf(experiment: Experiment): Flip[] {
  const { arms } = planExperiment(experiment, { seed: '', settings: {}, arms: [], allArms: true });
  const unprotected = arms.filter(({ role }) => role === 'unprotected');
  return arms
    .filter(({ role }) => role === 'treatment')
    .flatMap((arm) => {
      const beside = unprotected
        .filter((other) => isDeepStrictEqual(faultsOf(other), faultsOf(arm)))
        .map((other) => differences(arm, other))
        .flatMap((found) => (found.length === 1 ? found : []));
      const losses = beside.length > 0 ? beside : lossesOf(arm, unprotected);
      return [...new Set(losses)].map((without) => ({ experiment: experiment.name, arm: arm.name, without }));
    });
}

const faultsOf = ({ disruptions }: ArmPlan): string[] => disruptions.map(({ fault }) => fault.name);

/** The values of `--set` that give an arm the guarantees and the lab of another one. */
function differences(arm: ArmPlan, other: ArmPlan): string[] {
  const [own, wanted] = [arm.workload.facts, other.workload.facts];
  return [
    ...guarantees
      .filter(({ name }) => !isDeepStrictEqual(own[name], wanted[name]))
      .map(({ name, takenAway, typed }) => {
        const value = wanted[name];
        return `${name}=${isDeepStrictEqual(value, takenAway(other.workload)) ? 'none' : typed?.(value as never)}`;
      }),
    ...(['scheduler', 'busyWorkers'] as const)
      .filter((condition) => arm.lab[condition] !== other.lab[condition])
      .map((condition) => `${condition}=${other.lab[condition]}`),
  ];
}

const lossesOf = (arm: ArmPlan, unprotected: readonly ArmPlan[]): string[] =>
  guarantees
    .filter(({ name, takenAway, exercisedBy }) => {
      const without = takenAway(arm.workload);
      return (
        !isDeepStrictEqual(arm.workload.facts[name], without) &&
        unprotected.some(({ workload }) => isDeepStrictEqual(workload.facts[name], without)) &&
        faultsOf(arm).some((fault) => exercisedBy.includes(fault))
      );
    })
    .map(({ name }) => `${name}=none`);

/** Runs each treatment without its guarantee. The run must fail. */
export const flipExercises = (flips: readonly Flip[], options: Omit<RunOptions, 'signal'>): Exercise[] =>
  flips.map(({ experiment, arm, without }) => ({
    id: `${experiment}/${arm} with ${without}`,
    run: async (signal) =>
      runAndAsk([experiment, '--arm', arm, '--set', `${arm}.${without}`], { ...options, signal }, sawFailure),
  }));

/**
 * Returns the findings of a failed run. Throws for every other exit code: a run that passed did not notice the missing
 * guarantee, and an inconclusive or broken run proves nothing.
 */
export function sawFailure(done: Done): { readonly saw: string } {
  if (done.exitCode !== exitCodes.fail) throw new Error(endInWords(done));
  return { saw: endInWords(done) };
}
