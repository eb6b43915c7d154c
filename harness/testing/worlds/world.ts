import type { ProxyMode } from '../../model/cluster.ts';
import type { About, EventSource } from '../../model/event.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Ms } from '../../model/units.ts';

/** Half open; `to` may be infinite. */
export interface Span {
  readonly from: Ms;
  readonly to: Ms;
}

/** How far recorders are from the truth. */
export interface Recorders {
  /** Clocks of the pods' logs and of conntrack are up to so much ahead of the generators', or behind. */
  readonly skewMs: Ms;
  /** What a watch sees, it sees up to so much later. */
  readonly lateMs: Ms;
  /** Conntrack stamps an event when it reads it, up to so much later. */
  readonly readLateMs: Ms;
  /** The harness's own loop does nothing in this time: what arrives is stamped when it is over. */
  readonly heldUp?: Span | undefined;
  readonly random: () => number;
}

/** A container from its start to its end. */
export interface Life {
  readonly boot: Ms;
  readonly listen: Ms;
  /** `logged`: it had the time to write that it exits. */
  readonly end?: { readonly at: Ms; readonly reason: string; readonly exitCode: number; readonly logged: boolean };
}

/** What is true of a pod, in ms after the world's beginning. */
export interface Pod {
  readonly name: string;
  /** Of a pod that comes back under a name; absent: made of its name. */
  readonly uid?: string;
  readonly ip: string;
  readonly node: string;
  readonly version: string;
  readonly created: Ms;
  lives: readonly Life[];
  /** While Kubernetes holds it for ready. */
  ready: readonly Span[];
  deleted?: Ms;
  sigterm?: Ms;
  /** Its listener goes before its process. */
  close?: Ms;
  /** Its network goes: packets to it are answered by nobody. */
  gone?: Ms;
  /** Another container of it, which does not listen: it ends once, and is started again. */
  sidecar?: { readonly ends: Ms; readonly again: Ms };
}

export interface Outage extends Span {
  readonly node: string;
  readonly how: 'off' | 'frozen' | 'cut off';
}

export interface Eviction {
  readonly at: Ms;
  readonly pod: string;
  readonly code: number;
}

export interface KubernetesEvent {
  readonly at: Ms;
  /** Of the pod. */
  readonly subject: string;
  readonly reason: string;
  readonly message: string;
}

/** Something that is recorded besides what follows from the rest. */
export interface Note {
  readonly at: Ms;
  readonly source: EventSource;
  readonly type: string;
  readonly about: About;
  readonly data: object;
}

/** When each phase begins, and when the last one ends. */
export interface Phases {
  readonly warmup: Ms;
  readonly baseline: Ms;
  readonly fault: Ms;
  readonly tail: Ms;
  readonly end: Ms;
}

/** A cluster and what happens in it, decided before anything is sent or recorded. */
export interface World {
  readonly story: string;
  readonly nodes: readonly string[];
  readonly pods: readonly Pod[];
  readonly end: Ms;
  /** Absent: as `times` says, with a tail of half a second. */
  readonly phases?: Phases;
  readonly outages?: readonly Outage[];
  readonly evictions?: readonly Eviction[];
  readonly events?: readonly KubernetesEvent[];
  /** While the API server does not answer, and no slice changes. */
  readonly apiDown?: Span;
  /** How many replicas are wanted, from when on. */
  readonly desired?: readonly { readonly at: Ms; readonly count: number }[];
  /** When the Deployment gets its second generation. */
  readonly rolledOutAt?: Ms;
  readonly recreate?: boolean;
  readonly readiness?: boolean;
  readonly preStopMs?: Ms;
  readonly graceMs?: Ms;
  /** How long the application works on a request that arrives then; 1 ms where it says nothing. */
  readonly work?: (pod: Pod, at: Ms) => Ms;
  /** The application answers with this status. */
  readonly status?: (pod: Pod, at: Ms) => number;
  /** How long a request is on its way. */
  readonly wireMs?: Ms;
  readonly notes?: readonly Note[];
  /** What its arm plans, where that matters. */
  readonly plan?: Partial<Omit<ArmPlan, 'workload'>> & { readonly workload?: Partial<ArmPlan['workload']> };
  /** Answers of pods get lost. */
  readonly lossy?: Span;
  /** Packets to a pod vanish, and nothing tells why: those of new connections, or as well of others that its process has. */
  readonly dropping?: Span & { readonly pod: string; readonly also?: 'kept-alive' | 'closed' };
  /** Every third request to a pod needs so long to get there. */
  readonly delaying?: Span & { readonly pod: string; readonly ms: Ms };
  /** A pod takes what arrives, and never answers it nor writes that its client left. */
  readonly hanging?: Span & { readonly pod: string };
  /** A pod's process does nothing, and takes what arrives when that is over. */
  readonly standing?: Span & { readonly pod: string };
  /** No new connection leaves the client's node, whatever its rules say. */
  readonly withoutEntries?: Span;
  /** After so long the client's kernel sends a packet again that got no answer. */
  readonly sendsAgainAfter?: Ms;
  /** The packet that no endpoint was chosen for leaves an entry of conntrack, too. */
  readonly rejectedEntries?: boolean;
  /** Absent: they follow from the slices. */
  readonly rules?: readonly Rule[];
  /** What nft tells of the rules is recorded, as kube-proxy writes them in this mode. */
  readonly tellsRules?: ProxyMode;
  /** The recorder writes signs of life of its watches, and the nodes tell that they are there once a second. */
  readonly signsOfLife?: boolean;
  /** Traffic goes on for so long after the end. Absent: 0.3 s. */
  readonly sentAfterEnd?: Ms;
  /** A source port is used again so late that no entry of its last connection is left. */
  readonly longPortWalk?: boolean;
  readonly withoutPorts?: Span;
  readonly withoutDns?: Span;
}

/** When the traffic is judged, and when the fault comes. */
export const times = { warmup: 1200, baseline: 2500, fault: 5000 } as const;

export const phasesOf = ({ phases, end }: World): Phases => phases ?? { ...times, tail: end - 500, end };

/** Traffic begins so long before it is told of. */
export const sentFrom = (world: World): Ms => phasesOf(world).warmup - 200;

export const clientWaits: Ms = 2000;
export const forever = Number.POSITIVE_INFINITY;

export const within = (at: Ms, span: Span | undefined): boolean =>
  span !== undefined && span.from <= at && at < span.to;

/** What a rule that a client meets is made of, from a moment on. */
export interface Rule {
  readonly at: Ms;
  readonly pods: readonly Pod[];
}

export interface Endpoint {
  readonly pod: Pod;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/** The endpoints as the slices truly are, from a moment on. */
export interface Slice {
  readonly at: Ms;
  readonly endpoints: readonly Endpoint[];
}

/** The control plane writes a slice within some milliseconds of each change, unless it cannot. */
export function slicesOf({ pods, apiDown }: World): Slice[] {
  const changes = pods.flatMap(({ lives, ready, deleted, gone }) => [
    ...lives.slice(0, 1).map(({ boot }) => boot),
    ...ready.flatMap(({ from, to }) => [from, to]),
    ...(deleted === undefined ? [] : [deleted]),
    ...(gone === undefined ? [] : [gone]),
  ]);
  const moments = changes.filter((at) => at !== forever).map((at) => (within(at, apiDown) ? (apiDown?.to ?? at) : at));
  return [...new Set(moments)]
    .sort((one, other) => one - other)
    .map((at) => ({ at: at + 15, endpoints: endpointsAt(pods, at) }));
}

function endpointsAt(pods: readonly Pod[], at: Ms): Endpoint[] {
  const there = pods.filter(
    ({ lives: [first], gone }) => first !== undefined && first.boot <= at && at < (gone ?? forever),
  );
  return there.map((pod) => {
    const terminating = at >= (pod.deleted ?? forever);
    const serving = pod.ready.some((span) => within(at, span));
    return { pod, ready: serving && !terminating, serving, terminating };
  });
}

/** kube-proxy's rules: each slice a while later, and never two syncs within a second of each other. */
export function rulesOf(slices: readonly Slice[], random: () => number): Rule[] {
  const rules: Rule[] = [];
  let synced = -forever;
  for (const [index, { at }] of slices.entries()) {
    const next = slices[index + 1]?.at ?? forever;
    const sync = Math.max(at + 20 + random() * 100, synced + 1000);
    // What changes before the sync is part of it.
    if (next <= sync) continue;
    const { endpoints } = slices[index] ?? { endpoints: [] };
    const ready = endpoints.filter((each) => each.ready);
    const used = ready.length > 0 ? ready : endpoints.filter((each) => each.serving && each.terminating);
    rules.push({ at: sync, pods: used.map(({ pod }) => pod) });
    synced = sync;
  }
  return rules;
}
