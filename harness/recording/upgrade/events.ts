import type { EndpointState, PodState, RecordedEvent, SliceState } from '../../model/event.ts';
import { type Json, type Micros, msToMicros } from '../../model/units.ts';
import { isObject } from './object.ts';

/** A line of events/1. Its subject is a name, pods have their UIDs in `data`, and endpoints have none. */
interface OlderEvent {
  readonly source?: unknown;
  readonly subject?: unknown;
  readonly data?: unknown;
}

interface OlderData {
  readonly [field: string]: unknown;
}

const objectKinds: { readonly [source: string]: string } = {
  pod: 'Pod',
  endpointslice: 'EndpointSlice',
  node: 'Node',
  lease: 'Lease',
  deployment: 'Deployment',
  budget: 'PodDisruptionBudget',
  eviction: 'Pod',
};

/**
 * Upgrades a line of events/1 to events/2, which is checked afterwards. Undefined if it is not a line of events/1. UIDs
 * of pods that events/1 does not contain are still missing: see `PodUids`.
 */
export function upgradeEvent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'kind' in value || 'name' in value) return undefined;
  const { source, subject: name, data } = value as OlderEvent;
  if (typeof source !== 'string' || typeof name !== 'string') return undefined;
  const own: OlderData = typeof data === 'object' && data !== null ? { ...data } : {};
  switch (source) {
    case 'pod': {
      const { uid, containers, ...state } = own;
      if (typeof uid !== 'string') return undefined;
      return {
        ...value,
        subject: uid || name,
        kind: 'Pod',
        name,
        data: withRevision({ ...state, containers: listOf(containers).map((each) => ({ ended: null, ...each })) }),
      };
    }
    case 'endpointslice':
      return { ...value, kind: 'EndpointSlice', name, data: upgradeSlice(own) };
    case 'node':
      return { ...value, kind: 'Node', name, data: { conditions: [], zone: '', rack: '', ...own } };
    case 'k8s-event': {
      const { kind, ...state } = own;
      return { ...value, kind, name, data: state };
    }
    case 'reach':
      return name === 'dependency' ? value : { ...value, kind: 'Pod', name };
    default: {
      const kind = objectKinds[source];
      return kind === undefined ? value : { ...value, kind, name };
    }
  }
}

/** Adds the fields that the first recorders of events/2 did not record. Anything else is returned unchanged. */
export const withNewerFields = (value: unknown): unknown =>
  isObject(value) && value.source === 'pod' && isObject(value.data)
    ? { ...value, data: withRevision(value.data) }
    : value;

/** Before pods were recorded with their revision, each rollout gave them another version. */
const withRevision = (pod: OlderData): OlderData => ({ revision: pod.version, ...pod });

const listOf = (value: unknown): OlderData[] => (Array.isArray(value) ? value : []);

function upgradeSlice(slice: OlderData): OlderData {
  const endpoints = listOf(slice.endpoints).map((endpoint) => ({ uid: '', ...endpoint }));
  const { ip } = (endpoints[0] ?? {}) as OlderData;
  return { addressType: typeof ip === 'string' && ip.includes(':') ? 'IPv6' : 'IPv4', ...slice, endpoints };
}

/** The EndpointSlice watch may report a pod this much earlier than the pod watch. */
const lookAhead: Micros = msToMicros(5000);
const mostWaiting = 10_000;

interface KnownPod {
  readonly uid: string;
  /** Its index among the pods of its name. */
  readonly index: number;
  readonly ips: Set<string>;
  terminating: boolean;
}

/** The pods of one name, in the order of their creation. */
interface PodsOfName {
  /** The pods that were read, by UID. */
  readonly byUid: Map<string, KnownPod>;
  readonly all: KnownPod[];
  /** How many of them were returned. */
  there: number;
}

/**
 * Adds the UID of the pod to events that only have its name: the pod with the address, otherwise the last pod of the
 * name. Events are returned in their order with a delay, because another watch may report a pod first.
 */
export class PodUids {
  readonly #pods = new Map<string, PodsOfName>();
  #waiting: RecordedEvent[] = [];
  #newest: Micros = 0;

  /** Adds events. Returns the events that have waited long enough. */
  next(batch: readonly RecordedEvent[]): readonly RecordedEvent[] {
    for (const event of batch) {
      this.#newest = Math.max(this.#newest, event.at);
      if (event.source === 'pod') read(podsOf(this.#pods, event.name ?? ''), event.subject);
      this.#waiting.push(event);
    }
    const count = this.#waiting.length;
    const first = this.#waiting.findIndex(({ at }) => at > this.#newest - lookAhead);
    return this.#take(Math.max(first === -1 ? count : first, count - mostWaiting));
  }

  /** Returns the remaining events. */
  end(): readonly RecordedEvent[] {
    return this.#take(this.#waiting.length);
  }

  #take(count: number): readonly RecordedEvent[] {
    const taken = this.#waiting.slice(0, count).map((event) => withUids(event, this.#pods));
    this.#waiting = this.#waiting.slice(count);
    return taken;
  }
}

function podsOf(pods: Map<string, PodsOfName>, name: string): PodsOfName {
  const known = pods.get(name) ?? { byUid: new Map(), all: [], there: 0 };
  pods.set(name, known);
  return known;
}

function read({ byUid, all }: PodsOfName, uid: string): void {
  if (byUid.has(uid)) return;
  const pod = { uid, index: all.length, ips: new Set<string>(), terminating: false };
  byUid.set(uid, pod);
  all.push(pod);
}

function withUids(event: RecordedEvent, pods: Map<string, PodsOfName>): RecordedEvent {
  const { source, kind, name, subject, data } = event;
  if (source === 'pod') {
    seePod(podsOf(pods, name ?? ''), subject, data as unknown as PodState);
    return event;
  }
  if (source === 'endpointslice') {
    const { endpoints, ...slice } = data as unknown as SliceState;
    const known = endpoints.map((endpoint) => ({ ...endpoint, uid: uidOfEndpoint(endpoint, pods.get(endpoint.pod)) }));
    return { ...event, data: { ...slice, endpoints: known } as unknown as Json };
  }
  const named = kind === 'Pod' ? pods.get(name ?? '') : undefined;
  // Another watch may report a pod before the pod watch does.
  return named ? { ...event, subject: named.all[Math.max(0, named.there - 1)]?.uid ?? subject } : event;
}

function seePod(named: PodsOfName, uid: string, { ip, terminating }: PodState): void {
  const pod = named.byUid.get(uid);
  if (!pod) return;
  named.there = Math.max(named.there, pod.index + 1);
  if (ip !== '') pod.ips.add(ip);
  pod.terminating ||= terminating;
}

/** A terminating pod gets no new address, so an endpoint with another address belongs to the next pod of the name. */
function uidOfEndpoint({ ip, terminating }: EndpointState, named: PodsOfName | undefined): string {
  if (!named) return '';
  const there = named.all.slice(0, named.there);
  const latest = there.at(-1);
  const own = there.findLast(({ ips }) => ips.has(ip));
  if (own) return own.uid;
  if (!latest || (latest.terminating && ip !== '' && latest.ips.size > 0)) return named.all[named.there]?.uid ?? '';
  if (ip !== '') latest.ips.add(ip);
  latest.terminating ||= terminating;
  return latest.uid;
}
