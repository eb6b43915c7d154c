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

/** One arm, all settings resolved. */
export interface ArmPlan {
  readonly name: string;
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

export interface ExperimentPlan {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly claims: readonly string[];
  /** In the order in which they run, drawn from the seed. */
  readonly arms: readonly ArmPlan[];
}

/** `plan.json`: all that is decided before the world is touched, and where and by what it was done. */
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
