import type { EndpointState, PodState, WorkloadEvent } from '../../model/event.ts';
import type { PodBarState } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import { SpanTrack } from './span-track.ts';
import { clocksApart, Stamps } from './stamps.ts';

export type EndpointLane = 'ready' | 'serving' | 'terminating' | 'unready';

/** When a process accepted connections, and how it is known to have stopped. */
export interface Listening {
  readonly from: Micros;
  readonly to?: Micros;
  readonly endedBy?: 'close' | 'exit' | 'container ended' | 'pod gone';
}

/** The end of a container: the latest possible time, when it was reported or when the next one booted. */
interface ContainerEnd {
  readonly at: Micros;
  readonly reason: string;
  readonly exitCode: number | null;
}

interface SeenEnd extends ContainerEnd {
  /** Absent if the node took down all containers. */
  readonly container?: string;
  /** Which boot of that container came next; absent if the API counted none. */
  readonly next?: number;
}

/** One process in a pod’s log: when it booted, and when it last logged a request. */
interface Life {
  readonly boot: Micros;
  served: Micros;
}

/** Everything about one pod, which has one UID: from Kubernetes, its EndpointSlices and its own log. */
export class PodHistory {
  readonly name: string;
  /** Empty until a watch reports it. Logs and rows have only the name. */
  uid = '';
  readonly bar = new SpanTrack<PodBarState>();
  readonly endpoint = new SpanTrack<EndpointLane>();
  readonly log: WorkloadEvent[] = [];
  node = '';
  /** The revision of the template that it was made from. */
  revision = '';
  version = '';
  ip = '';
  /** Every address that it had, and when it was first reported. A pod that returns with its node gets another one. */
  readonly ips = new Map<string, Micros>();
  /** When the pod watch first reported it. */
  seen: Micros | undefined;
  terminating: Micros | undefined;
  /** The grace period that its deletion granted. */
  graceSeconds: number | undefined;
  gone: Micros | undefined;
  /** How late reports about it may be. */
  readonly stamps: Stamps;
  #wasReady = false;
  /** Restart counts by container name. */
  readonly #restarts = new Map<string, number>();
  readonly #seenEnds: SeenEnd[] = [];
  readonly #probeKills: { readonly at: Micros; readonly container: string }[] = [];
  readonly #lives: Life[] = [];
  #listening: Listening[] | undefined;

  constructor(name: string, stamps = new Stamps()) {
    this.name = name;
    this.stamps = stamps;
  }

  /** Whether an event is about this pod: by its UID, or by its name if one of the UIDs is unknown. */
  isSubjectOf({ subject, name }: { readonly subject: string; readonly name: string }): boolean {
    if (subject === this.uid) return true;
    return name === this.name && (this.uid === '' || subject === name);
  }

  seePod(at: Micros, type: string, state: PodState): void {
    this.seen ??= at;
    if (state.node) this.node = state.node;
    if (state.revision) this.revision = state.revision;
    if (state.version) this.version = state.version;
    this.#seeIp(at, state.ip);
    if (state.terminating) this.terminating ??= at;
    this.graceSeconds ??= state.graceSeconds ?? undefined;
    this.#seeContainers(at, state);
    if (type === 'deleted') {
      this.gone = at;
      this.bar.see(at, undefined);
      return;
    }
    this.#wasReady ||= state.ready;
    this.bar.see(at, this.#barOf(state));
  }

  #seeContainers(at: Micros, { containers }: PodState): void {
    for (const { name, restartCount: restarts, state, ...now } of containers) {
      const isOver = state === 'terminated';
      if (isOver || restarts > (this.#restarts.get(name) ?? 0)) {
        // The state of a restarted container says how it ended before.
        const { reason = '', exitCode = null } = (isOver ? now : now.ended) ?? {};
        this.#seenEnds.push({ at, reason, exitCode, container: name, next: isOver ? restarts + 1 : restarts });
        this.#listening = undefined;
      }
      this.#restarts.set(name, restarts);
    }
  }

  /**
   * The ends of the container that listens. The next container may boot and listen before the watch reports an end;
   * then that container did not end at that time.
   */
  get ends(): readonly ContainerEnd[] {
    const boots = this.log.filter(({ type }) => type === 'boot');
    const ends = this.#seenEnds.flatMap(({ next, container, ...end }): ContainerEnd[] => {
      const booted = next === undefined ? undefined : boots[next]?.at;
      const at = Math.min(end.at, booted ?? end.at);
      return container === undefined || this.#mayListen(container, at, boots.length) ? [{ ...end, at }] : [];
    });
    return ends.sort((one, other) => one.at - other.at);
  }

  get hasSidecars(): boolean {
    return this.#restarts.size > 1;
  }

  /** Whether an end may be that of the process that writes the log. A sidecar ends at other times. */
  #mayListen(container: string, ended: Micros, boots: number): boolean {
    if (!this.hasSidecars) return true;
    const asOften = [...this.#restarts].flatMap(([name, restarts]) => (restarts + 1 === boots ? [name] : []));
    if (asOften.length === 1) return asOften[0] === container;
    // A process that logged requests later had not ended.
    const life = this.#lives.findLast(({ boot }) => boot < ended);
    return life === undefined || life.served <= ended + clocksApart;
  }

  seeProbeKill(at: Micros, container: string): void {
    this.#probeKills.push({ at, container });
  }

  /** When the kubelet restarted the container that listens because a probe failed. */
  get probeKills(): readonly Micros[] {
    const boots = this.log.filter(({ type }) => type === 'boot').length;
    const isKnown = (container: string) => this.#restarts.size === 0 || this.#restarts.has(container);
    const own = this.#probeKills.filter(
      ({ at, container }) => isKnown(container) && this.#mayListen(container, at, boots),
    );
    return own.map(({ at }) => at);
  }

  /** The pod’s containers end with its node. */
  seeNodeEnd(at: Micros): void {
    this.#seenEnds.push({ at, reason: 'its node ended', exitCode: null });
    this.#listening = undefined;
  }

  #barOf(state: PodState): PodBarState {
    if (state.terminating) return 'terminating';
    if (state.ready) return 'ready';
    if (state.phase === 'Pending') return 'pending';
    return this.#wasReady ? 'unready' : 'starting';
  }

  /** `undefined` means that no slice has its endpoint any more. */
  seeEndpoint(at: Micros, state: EndpointState | undefined): void {
    if (!state) {
      this.endpoint.see(at, undefined);
      return;
    }
    this.#seeIp(at, state.ip);
    if (state.node) this.node = state.node;
    if (state.terminating) this.terminating ??= at;
    const lane = state.ready ? 'ready' : state.terminating ? (state.serving ? 'serving' : 'terminating') : 'unready';
    this.endpoint.see(at, lane);
  }

  #seeIp(at: Micros, ip: string): void {
    if (ip === '') return;
    this.ip = ip;
    if (!this.ips.has(ip)) this.ips.set(ip, at);
  }

  seeLog(event: WorkloadEvent): void {
    this.log.push(event);
    if (event.type === 'boot') this.#lives.push({ boot: event.at, served: event.at });
    this.#listening = undefined;
  }

  /** Sees that the pod logged the start or the end of a request. */
  seeServed(at: Micros): void {
    const life = this.#lives.at(-1);
    if (!life) return;
    life.served = Math.max(life.served, at);
    this.#listening = undefined;
  }

  logged(type: WorkloadEvent['type']): Micros | undefined {
    return this.log.find((event) => event.type === type)?.at;
  }

  /** When the pod listened, by its own log. If a process had no time to log its end, by the pod watch. */
  listening(): readonly Listening[] {
    this.#listening ??= this.#buildListening();
    return this.#listening;
  }

  #buildListening(): Listening[] {
    const spans: Listening[] = [];
    let from: Micros | undefined;
    const end = (to: Micros, endedBy: Listening['endedBy'] & string) => {
      if (from !== undefined) spans.push({ from, to, endedBy });
      from = undefined;
    };
    for (const { at, type } of this.log) {
      if (type === 'close' || type === 'exit') end(at, type);
      // Its end was not reported before the restart.
      if (type === 'boot' && from !== undefined) end(Math.min(this.#endSeenAfter(from) ?? at, at), 'container ended');
      if (type === 'listen') from ??= at;
    }
    if (from !== undefined) {
      const ended = this.#endSeenAfter(from);
      if (ended !== undefined) end(ended, 'container ended');
      else if (this.gone !== undefined) end(this.gone, 'pod gone');
      else spans.push({ from });
    }
    return spans;
  }

  #endSeenAfter(moment: Micros): Micros | undefined {
    return this.ends.find(({ at }) => at >= moment)?.at;
  }

  /** When the process ended, by its own log or else by the pod watch, not before `moment`. */
  endedAfter(moment: Micros): { readonly at: Micros; readonly by: string } | undefined {
    const exit = this.log.find(({ type, at }) => type === 'exit' && at >= moment);
    if (exit) return { at: exit.at, by: 'exited' };
    const end = this.ends.find(({ at }) => at >= moment);
    if (end) {
      const how = [end.reason, end.exitCode === null ? '' : `exit code ${end.exitCode}`].filter(Boolean).join(', ');
      return { at: end.at, by: `was seen ended${how ? ` (${how})` : ''}` };
    }
    return this.gone !== undefined && this.gone >= moment ? { at: this.gone, by: 'was gone' } : undefined;
  }
}
