import type { ProxyMode } from '../../model/cluster.ts';
import type { About, EventSource } from '../../model/event.ts';
import type { Budget } from '../../model/facts.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Ms } from '../../model/units.ts';

/** A half-open interval. `to` may be infinite. */
export interface Span {
  readonly from: Ms;
  readonly to: Ms;
}

/** Inaccuracies of the recorders. */
export interface Recorders {
  /**
   * The clocks of the pods' logs and of conntrack differ from the generators' clock by up to this, in either direction.
   */
  readonly skewMs: Ms;
  /** Watches report events late by up to this. */
  readonly lateMs: Ms;
  /** Conntrack stamps an event when it reads it, which is late by up to this. */
  readonly readLateMs: Ms;
  /** The harness's event loop is blocked in this interval. Events that arrive in it are stamped at its end. */
  readonly heldUp?: Span | undefined;
  readonly random: () => number;
}

/** A run of a container, from its start to its end. */
export interface Life {
  readonly boot: Ms;
  readonly listen: Ms;
  /** `logged`: whether it could write its exit to the log. */
  readonly end?: { readonly at: Ms; readonly reason: string; readonly exitCode: number; readonly logged: boolean };
}

/** The true state of a pod. Times are in ms after the start of the simulated arm. */
export interface Pod {
  readonly name: string;
  /** For a pod with the name of an earlier one. By default, it is derived from the name. */
  readonly uid?: string;
  readonly ip: string;
  readonly node: string;
  /** The revision of the template that it was made from. */
  readonly revision: string;
  /** Its label `version`, which its answers name; empty if it has none. */
  readonly version: string;
  readonly created: Ms;
  lives: readonly Life[];
  /** The intervals in which Kubernetes considers the pod ready. */
  ready: readonly Span[];
  deleted?: Ms;
  sigterm?: Ms;
  /** The time at which the listener is closed, before the process ends. */
  close?: Ms;
  /** The time at which its network is removed. Packets to it then get no answer. */
  gone?: Ms;
  /** A second container that does not listen. It ends once, and is restarted. */
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
  /** The name of the pod. */
  readonly subject: string;
  readonly reason: string;
  readonly message: string;
}

/** An additional event to record. */
export interface Note {
  readonly at: Ms;
  readonly source: EventSource;
  readonly type: string;
  readonly about: About;
  readonly data: object;
}

/** The time at which each phase begins, and at which the last one ends. */
export interface Phases {
  readonly warmup: Ms;
  readonly baseline: Ms;
  readonly fault: Ms;
  readonly tail: Ms;
  readonly end: Ms;
}

/** A simulated arm ("world"): a cluster and its events. They are determined before any request is sent or recorded. */
export interface World {
  readonly story: string;
  readonly nodes: readonly string[];
  readonly pods: readonly Pod[];
  readonly end: Ms;
  /** By default, the phases of `times` with a tail of half a second. */
  readonly phases?: Phases;
  readonly outages?: readonly Outage[];
  readonly evictions?: readonly Eviction[];
  readonly events?: readonly KubernetesEvent[];
  /** The interval in which the API server does not answer, and slices do not change. */
  readonly apiDown?: Span;
  /** The desired number of replicas, from each time on. */
  readonly desired?: readonly { readonly at: Ms; readonly count: number }[];
  /** The time at which the Deployment gets its second generation. */
  readonly rolledOutAt?: Ms;
  readonly recreate?: boolean;
  readonly readiness?: boolean;
  readonly preStopMs?: Ms;
  readonly graceMs?: Ms;
  readonly budget?: readonly Budget[];
  /** How long the application works on a request that arrives at this time. By default, 1 ms. */
  readonly work?: (pod: Pod, at: Ms) => Ms;
  /** The status of the application's answers. */
  readonly status?: (pod: Pod, at: Ms) => number;
  /** The network delay of a request. */
  readonly wireMs?: Ms;
  readonly notes?: readonly Note[];
  /** Fields of the arm's plan that differ from the default. */
  readonly plan?: Partial<ArmPlan>;
  /** The interval in which answers of pods are lost. */
  readonly lossy?: Span;
  /**
   * The interval in which packets to a pod are dropped without any evidence. By default, only packets of new
   * connections; with `also`, also those of other connections, or those after the listener was closed.
   */
  readonly dropping?: Span & { readonly pod: string; readonly also?: 'kept-alive' | 'closed' };
  /** The interval in which every third request to a pod is delayed by this much. */
  readonly delaying?: Span & { readonly pod: string; readonly ms: Ms };
  /** The interval in which a pod accepts requests, but never answers them and never logs that the client left. */
  readonly hanging?: Span & { readonly pod: string };
  /** The interval in which a pod's process is stopped. It handles the requests of this time afterwards. */
  readonly standing?: Span & { readonly pod: string };
  /** The interval in which new connections do not leave the client's node, independent of its rules. */
  readonly withoutEntries?: Span;
  /** The time after which the client's kernel retransmits a packet without an answer. */
  readonly sendsAgainAfter?: Ms;
  /** Whether conntrack also gets an entry for a packet without an endpoint. */
  readonly rejectedEntries?: boolean;
  /** By default, the rules follow from the slices. */
  readonly rules?: readonly Rule[];
  /** Whether the output of nft about the rules is recorded, and in which mode of kube-proxy. */
  readonly tellsRules?: ProxyMode;
  /** Whether watches send signs of life, and nodes report their status once a second. */
  readonly signsOfLife?: boolean;
  /** How long the traffic goes on after the end. By default, 0.3 s. */
  readonly sentAfterEnd?: Ms;
  /** Whether source ports are reused only after the conntrack entry of the last connection is gone. */
  readonly longPortWalk?: boolean;
  readonly withoutPorts?: Span;
  readonly withoutDns?: Span;
}

/** The default times of the phases. */
export const times = { warmup: 1200, baseline: 2500, fault: 5000 } as const;

export const phasesOf = ({ phases, end }: World): Phases => phases ?? { ...times, tail: end - 500, end };

/** The time at which the traffic starts, shortly before the warm-up phase. */
export const sentFrom = (world: World): Ms => phasesOf(world).warmup - 200;

export const clientWaits: Ms = 2000;
export const forever = Number.POSITIVE_INFINITY;

export const within = (at: Ms, span: Span | undefined): boolean =>
  span !== undefined && span.from <= at && at < span.to;

/** The pods to which the rules on the client's node route, from a time on. */
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

/** The true endpoints in the slices, from a time on. */
export interface Slice {
  readonly at: Ms;
  readonly endpoints: readonly Endpoint[];
}

/** The control plane writes a slice a few milliseconds after each change, unless the API server is down. */
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

/** kube-proxy's rules follow each slice with a delay, with at least a second between two syncs. */
export function rulesOf(slices: readonly Slice[], random: () => number): Rule[] {
  const rules: Rule[] = [];
  let synced = -forever;
  for (const [index, { at }] of slices.entries()) {
    const next = slices[index + 1]?.at ?? forever;
    const sync = Math.max(at + 20 + random() * 100, synced + 1000);
    // Changes before the sync are part of it.
    if (next <= sync) continue;
    const { endpoints } = slices[index] ?? { endpoints: [] };
    const ready = endpoints.filter((each) => each.ready);
    const used = ready.length > 0 ? ready : endpoints.filter((each) => each.serving && each.terminating);
    rules.push({ at: sync, pods: used.map(({ pod }) => pod) });
    synced = sync;
  }
  return rules;
}
