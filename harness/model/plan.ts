import type { Change } from './change.ts';
import type { Claim } from './claim.ts';
import type { LabProfile } from './cluster.ts';
import type {
  Demand,
  Disruption,
  Expectation,
  LabConditions,
  PhaseSettings,
  Role,
  TrafficSettings,
} from './experiment.ts';
import type { Facts } from './facts.ts';
import type { Manifests } from './manifest.ts';
import type { Owner } from './owner.ts';
import type { Json, Ms } from './units.ts';

/** A field that the lab sets in an object of the workload, and why. No check of the judge uses such a field. */
export interface ChangedForLab {
  /** `Deployment web`. */
  readonly object: string;
  /** `spec.template.spec.schedulerName`. */
  readonly field: string;
  readonly why: string;
}

/** The workload of an arm with all changes applied. */
export interface PlannedWorkload {
  readonly name: string;
  readonly owner: Owner;
  /** The container that serves the requests. */
  readonly container: string;
  readonly service: string;
  /** All changes to the workload as its author wrote it. */
  readonly changes: readonly Change[];
  /** The options of its program, in the words of the plan if they need any. */
  readonly options: { readonly [option: string]: { readonly value: Json; readonly words?: string | undefined } };
  /** The guarantees that its objects give. */
  readonly facts: Facts;
  /** What its author wrote, with the changes. Values of Secrets are digests. Null if it was not recorded. */
  readonly objects: Manifests | null;
  readonly changedForLab: readonly ChangedForLab[];
}

/** One arm with all settings resolved. */
export interface ArmPlan {
  readonly name: string;
  /** The arm that this one repeats. */
  readonly repeats?: string | undefined;
  readonly role: Role;
  /** What it is, in plain words: its changes, or that it has none. */
  readonly says: string;
  readonly namespace: string;
  readonly workload: PlannedWorkload;
  readonly lab: LabConditions;
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
  /** The objects of the workload without the changes of arms. Null if they were not recorded. */
  readonly objects: Manifests | null;
  /** In the order in which they run, which the seed determines. */
  readonly arms: readonly ArmPlan[];
}

/** `plan.json`: everything that is decided before the cluster is changed, and the host and version that ran it. */
export interface RunPlan {
  readonly schema: 'holdfast.plan/2';
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
