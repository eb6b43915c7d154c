import type { EndpointState, PodState, WorkloadEvent } from '../../model/event.ts';
import type { PodBarState } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import { SpanTrack } from './span-track.ts';
import { clocksApart, Stamps } from './stamps.ts';

export type EndpointLane = 'ready' | 'serving' | 'terminating' | 'unready';

/** When a process accepted connections, and how that is known to have ended. */
export interface Listening {
  readonly from: Micros;
  readonly to?: Micros;
  readonly endedBy?: 'close' | 'exit' | 'container ended' | 'pod gone';
}

/** A container that ended, and when at the latest: as it was seen, or as the next one booted. */
interface ContainerEnd {
  readonly at: Micros;
  readonly reason: string;
  readonly exitCode: number | null;
}

interface SeenEnd extends ContainerEnd {
  /** Absent if its node took all of them. */
  readonly container?: string;
  /** Which boot of that container was the next; absent if the API counted none. */
  readonly next?: number;
}

/** What a pod's log tells of one process: when it began, and when it last wrote of a request. */
interface Life {
  readonly boot: Micros;
  served: Micros;
}

/** All that was seen of one pod, which has one UID: by Kubernetes, by its EndpointSlice, by its own log. */
export class PodHistory {
  readonly name: string;
  /** Empty until a watch tells it: logs and rows have the name alone. */
  uid = '';
  readonly bar = new SpanTrack<PodBarState>();
  readonly endpoint = new SpanTrack<EndpointLane>();
  readonly log: WorkloadEvent[] = [];
  node = '';
  version = '';
  ip = '';
  /** All that it had, and when it was first seen with each: one that comes back with its node has another. */
  readonly ips = new Map<string, Micros>();
  /** The first time that the pod watch saw it. */
  seen: Micros | undefined;
  terminating: Micros | undefined;
  /** As its deletion granted it. */
  graceSeconds: number | undefined;
  gone: Micros | undefined;
  /** How late what was seen of it may be. */
  readonly stamps: Stamps;
  #wasReady = false;
  /** By the name of the container. */
  readonly #restarts = new Map<string, number>();
  readonly #seenEnds: SeenEnd[] = [];
  readonly #probeKills: { readonly at: Micros; readonly container: string }[] = [];
  readonly #lives: Life[] = [];
  #listening: Listening[] | undefined;

  constructor(name: string, stamps = new Stamps()) {
    this.name = name;
    this.stamps = stamps;
  }

  /** Whether something was said of it: by its UID, or by its name where one of the two UIDs is not known. */
  isMeantBy({ subject, name }: { readonly subject: string; readonly name: string }): boolean {
    if (subject === this.uid) return true;
    return name === this.name && (this.uid === '' || subject === name);
  }

  seePod(at: Micros, type: string, state: PodState): void {
    this.seen ??= at;
    if (state.node) this.node = state.node;
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
        // One that was started again already says how it ended before.
        const { reason = '', exitCode = null } = (isOver ? now : now.ended) ?? {};
        this.#seenEnds.push({ at, reason, exitCode, container: name, next: isOver ? restarts + 1 : restarts });
        this.#listening = undefined;
      }
      this.#restarts.set(name, restarts);
    }
  }

  /**
   * Of the container that listens. The next one may boot, and listen, before the watch tells of the end: that one did
   * not end then.
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

  /** Whether an end may be that of the process which writes the log: a sidecar ends at other times. */
  #mayListen(container: string, ended: Micros, boots: number): boolean {
    if (!this.hasSidecars) return true;
    const asOften = [...this.#restarts].flatMap(([name, restarts]) => (restarts + 1 === boots ? [name] : []));
    if (asOften.length === 1) return asOften[0] === container;
    // A process that wrote of requests later did not end.
    const life = this.#lives.findLast(({ boot }) => boot < ended);
    return life === undefined || life.served <= ended + clocksApart;
  }

  seeProbeKill(at: Micros, container: string): void {
    this.#probeKills.push({ at, container });
  }

  /** When the kubelet was seen to restart the container that listens, because a probe failed. */
  get probeKills(): readonly Micros[] {
    const boots = this.log.filter(({ type }) => type === 'boot').length;
    const isKnown = (container: string) => this.#restarts.size === 0 || this.#restarts.has(container);
    const own = this.#probeKills.filter(
      ({ at, container }) => isKnown(container) && this.#mayListen(container, at, boots),
    );
    return own.map(({ at }) => at);
  }

  /** Its containers end with its node. */
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

  /** `undefined`: its endpoint is in no slice any more. */
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

  /** It wrote that a request began, or ended. */
  seeServed(at: Micros): void {
    const life = this.#lives.at(-1);
    if (!life) return;
    life.served = Math.max(life.served, at);
    this.#listening = undefined;
  }

  logged(type: WorkloadEvent['type']): Micros | undefined {
    return this.log.find((event) => event.type === type)?.at;
  }

  /** From its own log; where a process had no time to write its end, from what the pod watch saw. */
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
      // It was not seen to end before it was started again.
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

  /** When its process ended, by its own log or else as the pod watch saw it, not before `moment`. */
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
