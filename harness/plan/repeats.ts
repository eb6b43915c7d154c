import { type Claim, cleanTrialsFor, mostRuns, trialNoun, trialsIn } from '../model/claim.ts';
import type { ArmSpec } from '../model/experiment.ts';
import { claimInWords } from '../model/in-words.ts';
import { UsageError } from '../model/usage-error.ts';

/** How strong a pass is to be. */
export interface Repeats {
  /** The number of runs of every treatment and unprotected arm that has disruptions. */
  readonly repeat?: number | undefined;
  /** Treatments are repeated until they show this, at most `repeat` times if that is given. */
  readonly until?: Claim | undefined;
}

/** The number of runs of an arm. An arm without a disruption runs once, because it has no trial. */
export function runsOf(name: string, { role, disruptions }: ArmSpec, { repeat, until }: Repeats): number {
  const trials = trialsIn(disruptions);
  if (role === 'control' || trials === 0) return 1;
  if (!until || role !== 'treatment') return repeat ?? 1;
  const clean = cleanTrialsFor(until);
  const needed = Math.ceil(clean / trials);
  const most = repeat ?? mostRuns;
  if (needed <= most) return repeat ?? needed;
  const noun = trialNoun(disruptions);
  throw new UsageError(
    `${name}: to be ${claimInWords(until, noun)}, ${clean} clean ${noun}s are needed, but at most ${most * trials} are run${repeat === undefined ? '' : ` with --repeat ${repeat}`}. Lower the claim or raise --repeat`,
  );
}

/** The names of the runs of an arm. Each run has its own folder and namespace. */
export const runNames = (name: string, runs: number): string[] =>
  Array.from({ length: runs }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
