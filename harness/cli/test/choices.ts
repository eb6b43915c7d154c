import type { LabChoices } from '../common/options.ts';

export interface TestChoices extends LabChoices {
  readonly hermetic?: boolean;
  readonly faults?: boolean;
  readonly kill?: boolean;
  readonly flips?: boolean;
  readonly quiet?: boolean;
  readonly knownBad?: boolean;
  readonly predicted?: boolean;
  readonly fuzz?: boolean;
  readonly package?: boolean;
  readonly seed?: string;
  readonly cluster: string;
  readonly runs?: string;
}

/** Each a flag of its own, and none of them part of the tests that every change must pass. */
export const drillNames = ['faults', 'kill', 'flips', 'quiet', 'knownBad', 'predicted'] as const;
