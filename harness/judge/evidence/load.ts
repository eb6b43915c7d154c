import type { GeneratorCounts, Phase } from '../../model/finding.ts';
import { type Request, type RequestsFooter, type RequestsHeader, sentAt } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import type { RequestsFile } from '../../recording/requests.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { Identities } from './identities.ts';
import { LateSends } from './late-sends.ts';
import { NumberSet } from './number-set.ts';
import { RowConnections } from './row-connections.ts';
import { RowRules } from './row-rules.ts';
import { RowTable } from './row-table.ts';
import { Samples } from './samples.ts';
import { TimeBitmap } from './time-bitmap.ts';

/**
 * A fold over a generator’s rows: what it sent, how late, and which pods answered. Counts only requests of judged
 * phases.
 */
export class GeneratorLoad {
  readonly gen: string;
  readonly file: string;
  header: RequestsHeader | undefined;
  footer: RequestsFooter | undefined;
  /** Why its rows cannot be read, if that is known. */
  lacking: string | undefined;
  /** All attempts, judged or not. */
  rows = 0;
  /** All requests, judged or not. Each has one row per recorded attempt. */
  requests = 0;
  requestsFailed = 0;
  /** Attempts that should have a row but have none. */
  attemptsMissing = 0;
  twice = 0;
  /** The highest request number. Numbers start from 0. */
  lastSeq = -1;
  total = 0;
  failed = 0;
  retried = 0;
  reused = 0;
  readonly late = new DurationHistogram();
  /** Lateness in the baseline. A generator that was late there was late before any fault. */
  readonly lateInBaseline = new DurationHistogram();
  /** From start to end of each successful answer, by phase. */
  readonly latency = {
    baseline: new DurationHistogram(),
    fault: new DurationHistogram(),
    tail: new DurationHistogram(),
  };
  /** When requests were sent. */
  readonly sent: TimeBitmap;
  /** When requests were due and not sent. */
  readonly held: LateSends;
  /** Answers that do not name a pod. */
  nameless = 0;
  firstNameless: Request | undefined;
  readonly answeredBy = new Map<string, Micros>();
  /** Answered requests that opened a connection. They are compared with the other recordings. */
  readonly samples = new Samples();
  /** Whether its rows contradict each other or the schedule. */
  readonly rules = new RowRules();
  /** Which pods answered. */
  readonly identities = new Identities();
  /** All rows, for the comparison with other recordings. */
  readonly table = new RowTable(this.identities.podNames);
  /** All rows by their connection ids. */
  readonly connections = new RowConnections();
  /** The first and the last time in any row. */
  earliest = Number.POSITIVE_INFINITY;
  latest = Number.NEGATIVE_INFINITY;
  readonly #seqs = new NumberSet();

  /** `judged` is from the start of the baseline to the end of the tail. */
  constructor(
    { gen, file }: Pick<RequestsFile, 'gen' | 'file'>,
    judged: { readonly from: Micros; readonly to: Micros },
  ) {
    this.gen = gen;
    this.file = file;
    this.sent = new TimeBitmap(judged);
    this.held = new LateSends(judged.from);
  }

  /** `phase` is undefined for a request that is not judged. */
  add(request: Request, phase: Phase | undefined): void {
    const sent = sentAt(request);
    this.rows += 1;
    this.requests += 1;
    this.#addEarlier(request);
    this.rules.see(request, phase, this.header);
    this.connections.see(request, this.header);
    this.table.add(this.header?.epoch ?? 0, request, this.identities.see(request));
    this.earliest = Math.min(this.earliest, sent);
    this.latest = Math.max(this.latest, request.end);
    if (request.code !== 0) this.requestsFailed += 1;
    if (!this.#seqs.add(request.seq)) this.twice += 1;
    this.lastSeq = Math.max(this.lastSeq, request.seq);
    if (request.reused) this.reused += 1;
    if (request.code === 0 && !request.reused && request.attempt <= 1) this.samples.add(request);
    if (phase === undefined || phase === 'warmup') return;
    this.total += 1;
    this.sent.see(sent);
    if (request.due !== undefined) this.#addLateness(request.due, sent, phase);
    if (request.attempt > 1) this.retried += 1;
    if (request.code === 0) this.latency[phase].add(request.end - sent);
    else this.failed += 1;
    if (request.status === 0) return;
    if (request.pod === '') {
      this.nameless += 1;
      this.firstNameless ??= request;
    } else if (!this.answeredBy.has(request.pod)) {
      this.answeredBy.set(request.pod, request.start);
    }
  }

  /** Adds the attempts that the client gave up. Each has a connection of its own. */
  #addEarlier({ earlier = [], attempt }: Request): void {
    if ((this.header?.attempts ?? 'each') === 'each' && attempt !== earlier.length + 1)
      this.attemptsMissing += Math.max(1, attempt - 1 - earlier.length);
    for (const each of earlier) {
      this.rows += 1;
      this.rules.seeGivenUp(each);
      this.connections.see(each, this.header);
      this.identities.see(each);
      this.table.addGivenUp(each);
    }
  }

  #addLateness(due: Micros, sent: Micros, phase: Exclude<Phase, 'warmup'>): void {
    this.held.see({ due, start: sent });
    this.late.add(sent - due);
    if (phase === 'baseline') this.lateInBaseline.add(sent - due);
  }

  /**
   * Whether the load was closed: each request waited for the previous answer, so no request had a due time or can be
   * late.
   */
  get closed(): boolean {
    return this.header !== undefined && !this.header.fields.includes('due');
  }

  /** How many numbers have no row. */
  get missing(): number {
    return this.lastSeq + 1 - (this.requests - this.twice);
  }

  counts(): GeneratorCounts {
    return {
      conn: this.header?.conn ?? 'unknown',
      total: this.total,
      failed: this.failed,
      dropped: this.footer?.droppedIterations ?? 0,
      lateP99Ms: this.late.quantile(0.99),
      retried: this.retried,
    };
  }
}
