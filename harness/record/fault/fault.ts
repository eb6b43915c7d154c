import type { z } from 'zod';
import type { Cause } from '../../model/cause.ts';
import type { EventSource, ObjectName } from '../../model/event.ts';
import type { FaultSpec } from '../../model/experiment.ts';
import type { Json, Ms } from '../../model/units.ts';
import type { Kube } from '../../sys/kube.ts';
import type { Landed, Witness } from '../../witness/witness.ts';
import type { Lab } from '../lab/lab.ts';

/** Where a fault acts. One that touches only a namespace is given nothing else. */
export interface NamespaceContext {
  readonly kube: Kube;
  readonly namespace: string;
  /** The workload's Deployment. */
  readonly deployment: string;
  /** The disruption's id. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** The nodes that another disruption has taken, by its id. Absent where nothing is chosen any more. */
  readonly nodesTakenBy?: (disruption: string) => readonly string[] | undefined;
  /** Writes down what it meets on the way, such as an eviction's answer. */
  record(source: EventSource, type: string, object: ObjectName, data: Json): void;
}

/** A lab of our own: nodes, and the engine that runs them. */
export interface LabContext extends NamespaceContext {
  readonly lab: Lab;
}

/** Nothing there for the fault to act on. The disruption does not land; the lab is not broken. */
export class NoTarget extends Error {
  override name = 'NoTarget';
}

/** This host, or this lab, cannot do it, as was probed. The disruption is skipped, and shows nothing. */
export class NotPossibleHere extends Error {
  override name = 'NotPossibleHere';
}

/** A fault as it is tried: by drills on a cluster, and by who reads `./holdfast describe fault NAME`. */
interface Example<Params> {
  /** Under which it lands soon. */
  readonly params: Params;
  /** `--set` words, where it needs a workload that is set so. */
  readonly set?: readonly string[];
  /** What must have happened first. */
  readonly after?: FaultSpec;
}

interface FaultOf<Context, Plan, Params extends z.ZodType, Seen> {
  readonly name: string;
  /** What it does, to whom, in one sentence that a plan prints. */
  readonly does: string;
  /** Which event of the real world it stands for, and where it differs. */
  readonly faithfulTo: string;
  /** How it is undone, in few words. */
  readonly undone: string;
  /** Ends by itself after so long, by a timer of its own: it may not be held longer. */
  readonly endsByItselfMs?: Ms;
  /** It takes nodes off the network: afterwards the way to and from each of them is proved. */
  readonly breaksRoutes?: boolean;
  /** It takes the API server away: meanwhile nothing changes that a watch would tell, and none hears anything. */
  readonly silencesWatches?: boolean;
  /** Its witness needs pods to be asked directly, which costs a little and is not done otherwise. */
  readonly asksPods?: boolean;
  /** Its witness needs what the workload depends on to be asked, which only a lab does. */
  readonly asksDependency?: boolean;
  /** Why requests may fail by it; none where it disturbs no request by itself. An expected loss must be among them. */
  readonly causes: readonly Cause[];
  readonly example: Example<z.input<Params>>;
  /** Checks what an experiment says, and fills in the rest. */
  readonly params: Params;
  /** Checks a plan that was read back from a journal. */
  readonly planned: z.ZodType<Plan>;
  /**
   * What of a plan is recorded and shown: an allow-list of names and numbers, which leaves out everything else, so that no
   * variable, argument or annotation gets into a recording. Its witness and the judge are given nothing more.
   */
  readonly recorded: z.ZodType<Seen>;
  /** Reads only. Throws `NoTarget` when there is none, `NotPossibleHere` where the host cannot do it. */
  plan(context: Context, params: z.output<Params>): Promise<Plan>;
  inject(context: Context, plan: Plan): Promise<void>;
  /** Idempotent, from the plan alone, whatever part of it was injected. */
  heal(context: Context, plan: Plan): Promise<void>;
  /** Waits until what it took away is back and reports, once it was healed. Absent where there is nothing to wait for. */
  back?(context: Context, plan: Plan): Promise<void>;
  landed(...asked: Parameters<Witness<Seen>>): Landed;
}

/** Touches objects of one namespace only, so that it may be used on any cluster. */
export interface NamespaceFault<Plan = Json, Params extends z.ZodType = z.ZodType, Seen = Plan>
  extends FaultOf<NamespaceContext, Plan, Params, Seen> {
  readonly touches: 'namespace';
}

/** Touches nodes: on clusters of our own only. */
export interface LabFault<Plan = Json, Params extends z.ZodType = z.ZodType, Seen = Plan>
  extends FaultOf<LabContext, Plan, Params, Seen> {
  readonly touches: 'nodes';
}

export type Fault = NamespaceFault | LabFault;
