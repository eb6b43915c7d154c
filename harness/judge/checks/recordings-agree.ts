import type { EvidenceLine } from '../../model/finding.ts';
import { between, count, counted } from '../../model/number-words.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { type TenthsOfTime, written } from '../evidence/tenths.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { Check } from './check.ts';

/** A busy machine writes some lines late but others in time. If hardly any line is in time, the clock differs. */
const differingShare = 0.5;
const inTimeShare = 0.1;
const absentShare = 0.02;

/** Compares sampled requests with what another source recorded about them. */
class Comparison {
  readonly what: string;
  readonly absent: EvidenceLine[] = [];
  readonly differing: EvidenceLine[] = [];
  /** Stamps of all requests, not only of the sampled ones. */
  readonly tenths: readonly TenthsOfTime[];
  readonly #tolerance: Micros;
  compared = 0;

  /** `error`: how far the source’s clock and the clock of the requests may differ. */
  constructor(what: string, tenths: readonly (TenthsOfTime | undefined)[], error: Micros = 0) {
    this.what = what;
    this.#tolerance = written + error;
    this.tenths = tenths.filter((each) => each !== undefined);
  }

  see({ id, start, end }: Request, at: Micros | undefined): void {
    this.compared += 1;
    if (at === undefined) this.absent.push({ at: start, text: `${this.what}: ${id} is missing` });
    else if (at < start - this.#tolerance || at > end + this.#tolerance) {
      this.differing.push({ at: start, text: `${this.what}: ${id} is ${between(start, at)} off` });
    }
  }

  get agrees(): boolean {
    return this.absent.length <= this.compared * absentShare && !this.#clockDiffers && this.#differsFrom === undefined;
  }

  get #clockDiffers(): boolean {
    const inTime = this.compared - this.absent.length - this.differing.length;
    return this.differing.length > this.compared * differingShare && inTime < this.compared * inTimeShare;
  }

  /** When the first tenth of the time begins in which the source’s clock differs. */
  get #differsFrom(): Micros | undefined {
    return this.tenths.map(({ differsFrom }) => differsFrom).find((at) => at !== undefined);
  }

  get words(): string {
    const all = `${this.what}: of ${count(this.compared)} requests ${count(this.absent.length)} missing, ${count(this.differing.length)} at another time`;
    return this.#differsFrom === undefined || this.#clockDiffers ? all : `${all}, nearly all in a tenth of the time`;
  }

  get lines(): EvidenceLine[] {
    const at = this.#differsFrom;
    const clock = at === undefined ? [] : [{ at, text: `${this.what}: its clock differs from here on` }];
    return [...this.absent.slice(0, 2), ...this.differing.slice(0, 2), ...clock];
  }
}

/** Requests, connections and the pods’ own logs show the same requests at the same times. */
export const recordingsAgree: Check = {
  id: 'recordings-agree',
  ask(evidence) {
    const expected = `sampled requests are in conntrack and in their pod's log, within ${withinMs(evidence)} ms except for lines that were written late`;
    const all = compare(evidence);
    const { overruns } = evidence.connections;
    const lost = overruns > 0 ? `; conntrack reported ${counted(overruns, 'time')} that it lost events` : '';
    const measured = (list: readonly Comparison[]) => list.map(({ words }) => words).join('; ') + lost;
    if (all.length === 0) return { verdict: 'inconclusive', expected, measured: 'no answered request to compare' };
    const doubtful = all.filter(({ agrees }) => !agrees);
    if (doubtful.length === 0) {
      const absent = all.reduce((sum, each) => sum + each.absent.length, 0);
      const words = `${count(all[0]?.compared ?? 0)} requests, ${count(absent)} missing in one of ${all.length} recordings`;
      return { verdict: 'pass', expected, measured: words + lost };
    }
    const evidenceLines = doubtful.flatMap(({ lines }) => lines);
    return { verdict: 'inconclusive', expected, measured: measured(doubtful), evidence: evidenceLines };
  },
};

const withinMs = ({ offsets }: ArmEvidence): string => ((written + offsets.largestError.micros) / 1000).toFixed(0);

/** Conntrack is compared as a whole; the logs are compared pod by pod, because each node may have its own clock. */
function compare({ plan, generators, connections, serverLog, opened, logged, offsets }: ArmEvidence): Comparison[] {
  const conntrack = new Comparison(
    'conntrack',
    generators.map(({ gen }) => opened.tenthsOf(gen)),
  );
  const logs = new Map(logged.pods().map(({ name, clock }) => [name, clock.tenths]));
  const pods = new Map<string, Comparison>();
  // If no fresh requests were planned, the requests that opened a kept-alive connection are compared.
  const conn = plannedRate(plan, 'fresh') > 0 ? 'fresh' : 'kept-alive';
  const own = generators.filter(({ header }) => header?.conn === conn).flatMap(({ samples }) => samples.list());
  for (const request of own) {
    conntrack.see(request, connections.openedFor(request)?.at);
    const pod =
      pods.get(request.pod) ??
      new Comparison(`log of ${request.pod}`, logs.get(request.pod) ?? [], offsets.errorOf(request.pod));
    pods.set(request.pod, pod);
    const served = serverLog.of(request.id);
    pod.see(request, served?.pod === request.pod ? served.start : undefined);
  }
  return own.length === 0 ? [] : [conntrack, ...pods.values()];
}
