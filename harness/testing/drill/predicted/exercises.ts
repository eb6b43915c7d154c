import type { Experiment, Workload } from '../../../model/experiment.ts';
import type { ArmFindings } from '../../../model/finding.ts';
import type { Exercise } from '../drill.ts';
import type { Beside } from './beside.ts';
import { type DrillName, experimentOf, type PredictedDrill, predictedDrills } from './drills.ts';
import { differences, predictedInWords, seenInWords } from './prediction.ts';
import { predictions } from './predictions.ts';

/** An arm that was recorded and judged. */
export interface DrilledArm {
  readonly findings: ArmFindings;
  /** Where its recording is, until it is to be forgotten. */
  readonly folder: string;
  forget(): void;
}

export interface PredictedOptions {
  readonly workload: () => Promise<Workload>;
  /** Records the one arm of an experiment as `run` does, with what is done beside it. Throws what either of them threw. */
  readonly record: (experiment: Experiment, beside: Beside, signal: AbortSignal) => Promise<DrilledArm>;
}

/** Each drill once: what it comes to must be what was predicted, or both are told side by side. */
export const predictedExercises = ({ workload, record }: PredictedOptions): Exercise[] =>
  (Object.keys(predictedDrills) as DrillName[]).map((name) => ({
    id: name,
    async run(signal) {
      const { beside = async () => {} }: PredictedDrill = predictedDrills[name];
      const { findings, folder, forget } = await record(experimentOf(name, await workload()), beside, signal);
      const saw = `predicted: ${predictedInWords(predictions[name])}. Seen: ${seenInWords(findings)}`;
      const other = differences(predictions[name], findings);
      if (other.length > 0) throw new Error(`${other.join('; ')}. ${saw}; recorded in ${folder}`);
      forget();
      return { saw };
    },
  }));
