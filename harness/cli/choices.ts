import type { Claim } from '../model/claim.ts';
import type { Ms } from '../model/units.ts';
import type { LabChoices } from './common/options.ts';
import type { TargetChoices } from './foreign-target.ts';

export interface RunChoices extends LabChoices {
  readonly arm: readonly string[];
  readonly allArms?: boolean;
  readonly seed?: string;
  readonly repeat?: number;
  readonly until?: Claim;
  readonly set: readonly string[];
  readonly keep?: boolean;
  readonly deadline: Ms;
  readonly json?: boolean;
  readonly cluster: string;
  readonly runs?: string;
}

export interface InjectChoices extends LabChoices, TargetChoices {
  readonly params: readonly string[];
  readonly set: readonly string[];
  readonly hold?: Ms;
  readonly limit: Ms;
  readonly traffic: boolean;
  readonly json?: boolean;
  readonly cluster: string;
  readonly runs?: string;
}
