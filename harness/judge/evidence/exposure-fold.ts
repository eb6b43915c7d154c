import type { ArmPlan } from '../../model/plan.ts';
import type { Connection, Request } from '../../model/request.ts';
import { type Micros, microsToMs, msToMicros } from '../../model/units.ts';
import type { PhaseTimes } from '../timeline/phases.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { NumberSet } from './number-set.ts';
import type { TakenPod } from './taken-pods.ts';
import { Tally } from './tally.ts';

/** The container engine may report this late that a node runs again: 0.2 s was measured. */
const toldLate: Micros = msToMicros(1000);

/** The traffic of one kind that one pod got. */
export interface Served {
  /** Answers of any status to requests of judged phases that were sent before the pod was disrupted. */
  answers: number;
  /** For kept-alive connections: the source ports that the pod answered on in the last turn before it was disrupted. */
  readonly ports: Set<number>;
}

interface Subject {
  readonly pod: PodHistory;
  readonly taken: Micros | undefined;
  readonly served: { readonly [conn in Connection]: Served };
}

/** One kind of traffic as a whole. */
export interface TrafficFold {
  readonly sent: Tally;
  readonly opened: Tally;
  /** Names of the pods that answered in the baseline. */
  readonly answeredBy: Set<string>;
  /** Number of source ports in the baseline. */
  connections: number;
  /** Rows of the baseline after every connection had its turn. */
  later: { rows: number; reused: number };
}

interface ExposureSettings {
  readonly phases: PhaseTimes;
  readonly timeline: Timeline;
  readonly taken: readonly TakenPod[];
  readonly turn: Micros;
}

/**
 * How long it takes until every kept-alive connection had its turn: a generator keeps as many as it needs to never
 * wait.
 */
export const turnOf = ({ traffic }: Pick<ArmPlan, 'traffic'>): Micros => msToMicros((traffic?.timeoutMs ?? 0) * 1.2);

/** The same in seconds. */
export const turnSeconds = (plan: Pick<ArmPlan, 'traffic'>): number => microsToMs(turnOf(plan)) / 1000;

const conns = ['fresh', 'kept-alive'] as const;

/**
 * Which pods each kind of traffic reached, and when. Folds all rows in memory that grows only with the number of pods.
 */
export class ExposureFold {
  readonly traffic: { readonly [conn in Connection]: TrafficFold };
  readonly taken: readonly TakenPod[];
  readonly #phases: PhaseTimes;
  readonly #turn: Micros;
  readonly #subjects = new Map<string, Subject[]>();
  readonly #ports = { fresh: new NumberSet(), 'kept-alive': new NumberSet() };
  #firstKept: Micros | undefined;

  constructor({ phases, timeline, taken, turn }: ExposureSettings) {
    this.taken = taken;
    this.#phases = phases;
    this.#turn = turn;
    const judged = { from: phases.baseline.from, to: phases.tail.to };
    const fold = (): TrafficFold => ({
      sent: new Tally(judged),
      opened: new Tally(judged),
      answeredBy: new Set(),
      connections: 0,
      later: { rows: 0, reused: 0 },
    });
    this.traffic = { fresh: fold(), 'kept-alive': fold() };
    const takenAt = new Map(taken.map(({ pod, at }) => [pod, at]));
    for (const pod of timeline.pods.values()) {
      const own = this.#subjects.get(pod.name) ?? [];
      this.#subjects.set(pod.name, own);
      const none = (): Served => ({ answers: 0, ports: new Set() });
      own.push({ pod, taken: takenAt.get(pod), served: { fresh: none(), 'kept-alive': none() } });
    }
  }

  /** Sees a row of a generator. */
  see(request: Request): void {
    const { conn, start, reused, sport, pod } = request;
    const { baseline, tail } = this.#phases;
    if (conn === 'kept-alive') this.#firstKept = Math.min(this.#firstKept ?? start, start);
    if (start < baseline.from || start >= tail.to) return;
    const traffic = this.traffic[conn];
    traffic.sent.see(start);
    if (!reused) traffic.opened.see(start);
    if (start < baseline.to) this.#seeBaseline(request, traffic);
    if (pod !== '') this.#seeAnswer(request, sport);
  }

  #seeBaseline({ conn, start, reused, sport, pod }: Request, traffic: TrafficFold): void {
    if (pod !== '' && traffic.answeredBy.size < 1000) traffic.answeredBy.add(pod);
    if (this.#ports[conn].add(sport)) traffic.connections += 1;
    if (start < (this.#firstKept ?? start) + this.#turn) return;
    traffic.later.rows += 1;
    if (reused) traffic.later.reused += 1;
  }

  #seeAnswer(request: Request, sport: number): void {
    const { conn, start, pod } = request;
    const subject = this.#subjectOf(pod, start);
    if (!subject) return;
    const { taken, served } = subject;
    if (taken !== undefined && start >= taken) return;
    const own = served[conn];
    own.answers += 1;
    if (conn === 'kept-alive' && taken !== undefined && start >= taken - this.#turn - toldLate) own.ports.add(sport);
  }

  /** The pod with this name at that time. Several pods may have had the name one after another. */
  #subjectOf(name: string, at: Micros): Subject | undefined {
    const own = this.#subjects.get(name);
    if (!own || own.length < 2) return own?.[0];
    return own.findLast(({ pod: { seen } }) => (seen ?? 0) <= at) ?? own[0];
  }

  /** The traffic of one kind that a pod got. */
  served(pod: PodHistory, conn: Connection): Served {
    const subject = this.#subjects.get(pod.name)?.find((each) => each.pod === pod);
    return subject?.served[conn] ?? { answers: 0, ports: new Set() };
  }

  /** The number of requests of all kinds that were sent within any of these times. */
  sentIn(times: readonly { readonly from: Micros; readonly to: Micros }[]): number {
    return times.reduce(
      (sum, { from, to }) => sum + conns.reduce((own, conn) => own + this.traffic[conn].sent.between(from, to), 0),
      0,
    );
  }
}
