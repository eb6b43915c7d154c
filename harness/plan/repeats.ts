import { type Claim, cleanTrialsFor, mostRuns, trialNoun, trialsIn } from '../model/claim.ts';
import type { ArmSpec } from '../model/experiment.ts';
import { claimInWords } from '../model/in-words.ts';
import { UsageError } from '../model/usage-error.ts';

/** How strong a pass is to be. */
export interface Repeats {
  /** Every treatment and unprotected arm that is disrupted is run so often. */
  readonly repeat?: number | undefined;
  /** Treatments are repeated until they show this; never more often than `repeat`, where that is given. */
  readonly until?: Claim | undefined;
}

/** How often an arm is run. Without a disruption once: there is no trial in it. */
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

/** The names of an arm's runs; each has a folder and a namespace of its own. */
export const runNames = (name: string, runs: number): string[] =>
  Array.from({ length: runs }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
