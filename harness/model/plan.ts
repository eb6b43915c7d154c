import type { Claim } from './claim.ts';
import type { LabProfile } from './cluster.ts';
import type {
  Demand,
  Disruption,
  Expectation,
  PhaseSettings,
  Role,
  TrafficSettings,
  WorkloadSettings,
} from './experiment.ts';
import type { Ms } from './units.ts';

/** One arm with all settings resolved. */
export interface ArmPlan {
  readonly name: string;
  /** The arm that this one repeats. */
  readonly repeats?: string | undefined;
  readonly role: Role;
  readonly says: string;
  readonly namespace: string;
  readonly workload: WorkloadSettings;
  readonly traffic: TrafficSettings | null;
  readonly phases: PhaseSettings;
  readonly disruptions: readonly Disruption[];
  readonly expect: Expectation;
  readonly demands: readonly Demand[];
}

/** The name of the arm that a run belongs to: the repeated arm, or its own. */
export const armOf = ({ name, repeats }: { readonly name: string; readonly repeats?: string | undefined }): string =>
  repeats ?? name;

export interface ExperimentPlan {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly claims: readonly string[];
  /** The claim for which its treatments are repeated, until they show it or one of them does not pass. */
  readonly until?: Claim | undefined;
  /** In the order in which they run, which the seed determines. */
  readonly arms: readonly ArmPlan[];
}

/** `plan.json`: everything that is decided before the cluster is changed, and the host and version that ran it. */
export interface RunPlan {
  readonly schema: 'holdfast.plan/1';
  readonly run: string;
  readonly startedAt: string;
  readonly command: readonly string[];
  readonly seed: string;
  readonly settings: { readonly [key: string]: string };
  readonly deadlineMs: Ms;
  readonly holdfast: { readonly version: string; readonly commit: string; readonly dirty: boolean };
  readonly host: {
    readonly cores: number;
    readonly memoryBytes: number;
    readonly kernel: string;
    readonly node: string;
  };
  readonly lab: LabProfile;
  readonly experiments: readonly ExperimentPlan[];
}
