import type { Experiment, Workload } from '../../../model/experiment.ts';
import type { ArmFindings } from '../../../model/finding.ts';
import type { Exercise } from '../drill.ts';
import type { DrillAction } from './actions.ts';
import { type DrillName, experimentOf, type PredictedDrill, predictedDrills } from './drills.ts';
import { differences, predictedInWords, seenInWords } from './prediction.ts';
import { predictions } from './predictions.ts';

/** An arm that was recorded and judged. */
export interface DrilledArm {
  readonly findings: ArmFindings;
  /** The folder of the recording, until `forget` removes it. */
  readonly folder: string;
  forget(): void;
}

export interface PredictedOptions {
  readonly workload: () => Promise<Workload>;
  /**
   * Records the only arm of an experiment as `run` does, and runs `action` at the same time. Throws the error of
   * either.
   */
  readonly record: (experiment: Experiment, action: DrillAction, signal: AbortSignal) => Promise<DrilledArm>;
}

/** Runs each drill once. Throws if the result differs from the prediction, with both in the message. */
export const predictedExercises = ({ workload, record }: PredictedOptions): Exercise[] =>
  (Object.keys(predictedDrills) as DrillName[]).map((name) => ({
    id: name,
    async run(signal) {
      const { action = async () => {} }: PredictedDrill = predictedDrills[name];
      const { findings, folder, forget } = await record(experimentOf(name, await workload()), action, signal);
      const saw = `predicted: ${predictedInWords(predictions[name])}. Seen: ${seenInWords(findings)}`;
      const other = differences(predictions[name], findings);
      if (other.length > 0) throw new Error(`${other.join('; ')}. ${saw}; recorded in ${folder}`);
      forget();
      return { saw };
    },
  }));
