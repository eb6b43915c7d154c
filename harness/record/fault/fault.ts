import type { z } from 'zod';
import type { Cause } from '../../model/cause.ts';
import type { EventSource, ObjectName } from '../../model/event.ts';
import type { FaultSpec } from '../../model/experiment.ts';
import type { Owner } from '../../model/owner.ts';
import type { Json, Ms } from '../../model/units.ts';
import type { Kube } from '../../sys/kube.ts';
import type { Landed, Witness } from '../../witness/witness.ts';
import type { Lab } from '../lab/lab.ts';

/** What a fault may act on. A fault that touches only a namespace gets nothing else. */
export interface NamespaceContext {
  readonly kube: Kube;
  readonly namespace: string;
  /** The owner of the pods under test. */
  readonly owner: Owner;
  /** The id of the disruption. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** The nodes that another disruption chose, by its id. Absent during heal, when no node is chosen. */
  readonly nodesTakenBy?: (disruption: string) => readonly string[] | undefined;
  /** Records an observation, such as the answer to an eviction. */
  record(source: EventSource, type: string, object: ObjectName, data: Json): void;
}

/** The context in a lab, with its nodes and the engine that runs them. */
export interface LabContext extends NamespaceContext {
  readonly lab: Lab;
  /** The namespace for pods that a fault creates. */
  readonly helpersNamespace: string;
}

/** There is no target for the fault. The disruption does not take effect; the lab is not broken. */
export class NoTarget extends Error {
  override name = 'NoTarget';
}

/** This host or this lab cannot inject the fault, as a trial showed. The disruption is skipped and shows nothing. */
export class NotPossibleHere extends Error {
  override name = 'NotPossibleHere';
}

/** An example of a fault. Drills inject it, and `./holdfast describe fault NAME` prints it. */
interface Example<Params> {
  /** Parameters with which the fault takes effect soon. */
  readonly params: Params;
  /** `--set` arguments if the fault needs other settings of the workload. */
  readonly set?: readonly string[];
  /** A fault that must be injected before this one. */
  readonly after?: FaultSpec;
}

interface FaultOf<Context, Plan, Params extends z.ZodType, Seen> {
  readonly name: string;
  /** What it does and to what, in one sentence. A plan prints it. */
  readonly does: string;
  /** The real event that it stands for, and how it differs from that event. */
  readonly standsFor: string;
  /** How it is undone, in a few words. */
  readonly undone: string;
  /** The fault ends by itself after this time, so it must not be held longer. */
  readonly endsByItselfMs?: Ms;
  /** It disconnects nodes. After the arm, the route to and from each node is tested. */
  readonly breaksRoutes?: boolean;
  /** It stops the API server. During that time nothing changes and watches report nothing. */
  readonly silencesWatches?: boolean;
  /** Its witness needs direct probes of the pods. Otherwise pods are not probed, because probes are traffic. */
  readonly asksPods?: boolean;
  /** Its witness needs direct probes of the dependency, which only a lab can send. */
  readonly asksDependency?: boolean;
  /**
   * The causes of failed requests that the fault can bring; empty if it disturbs no request itself. An expected loss
   * must name one of them.
   */
  readonly causes: readonly Cause[];
  readonly example: Example<z.input<Params>>;
  /** The schema of the parameters, with their defaults. */
  readonly params: Params;
  /** The schema of a plan that was read from a journal. */
  readonly planned: z.ZodType<Plan>;
  /**
   * The part of a plan that is recorded and shown: an allow-list of names and numbers, so that no variable, argument or
   * annotation gets into a recording. The witness and the judge get only this part.
   */
  readonly recorded: z.ZodType<Seen>;
  /**
   * Chooses the targets. Only reads. Throws `NoTarget` if there is none, and `NotPossibleHere` if the host cannot
   * inject the fault.
   */
  plan(context: Context, params: z.output<Params>): Promise<Plan>;
  inject(context: Context, plan: Plan): Promise<void>;
  /** Undoes the fault from the plan alone, even if it was only partly injected. A second call has no effect. */
  heal(context: Context, plan: Plan): Promise<void>;
  /** Waits after the heal until the disrupted part works and reports again. Absent if there is nothing to wait for. */
  waitForReturn?(context: Context, plan: Plan): Promise<void>;
  landed(...args: Parameters<Witness<Seen>>): Landed;
}

/** A fault that touches only objects of one namespace. It may be injected into any cluster. */
export interface NamespaceFault<Plan = Json, Params extends z.ZodType = z.ZodType, Seen = Plan>
  extends FaultOf<NamespaceContext, Plan, Params, Seen> {
  readonly touches: 'namespace';
}

/** A fault that touches nodes. It may be injected only into a lab cluster. */
export interface LabFault<Plan = Json, Params extends z.ZodType = z.ZodType, Seen = Plan>
  extends FaultOf<LabContext, Plan, Params, Seen> {
  readonly touches: 'nodes';
}

export type Fault = NamespaceFault | LabFault;
