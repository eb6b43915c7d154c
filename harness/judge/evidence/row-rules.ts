import type { Phase } from '../../model/finding.ts';
import { type Request, type RequestsHeader, sentAt } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** Rows that break a rule, counted, and the first of them. */
class Odd {
  count = 0;
  first: Request | undefined;

  see(request: Request): void {
    this.count += 1;
    this.first ??= request;
  }
}

/** The generator computes due times, and takes each start after it: real rows are at most 4 µs off. */
const apart: Micros = msToMicros(1);

/** One generator's rows, held against each other: what they say of their answers, and the schedule that their numbers follow. */
export class RowRules {
  /** An answer has a status below 400, names its pod, and comes without an error; a failure does not. */
  readonly contradictory = new Odd();
  /** Due is the scenario's start plus the number divided by the rate. */
  readonly offSchedule = new Odd();
  readonly sentEarly = new Odd();
  longest: Request | undefined;
  last: Request | undefined;
  /** How many were sent in each phase. */
  readonly sent: { [phase in Phase]: number } = { warmup: 0, baseline: 0, fault: 0, tail: 0 };
  #firstDue: Micros | undefined;

  /** `header` is there from the first row on: without it no row can be read. */
  see(request: Request, phase: Phase | undefined, header: RequestsHeader | undefined): void {
    const { due, end } = request;
    const sent = sentAt(request);
    if (phase) this.sent[phase] += 1;
    if ((request.code === 0) !== readsAsAnswer(request)) this.contradictory.see(request);
    if (!this.longest || end - sent > this.longest.end - sentAt(this.longest)) this.longest = request;
    if (!this.last || end > this.last.end) this.last = request;
    if (due === undefined) return;
    if (sent < due - apart) this.sentEarly.see(request);
    if (header?.ratePerSecond === undefined) return;
    const first = due - (request.seq * 1e6) / header.ratePerSecond;
    this.#firstDue ??= first;
    if (Math.abs(first - this.#firstDue) > apart) this.offSchedule.see(request);
  }

  /** An attempt that was given up has no answer. */
  seeGivenUp(attempt: Request): void {
    if (attempt.code === 0 || readsAsAnswer(attempt)) this.contradictory.see(attempt);
  }
}

const readsAsAnswer = ({ status, pod, podBy, err }: Request): boolean =>
  status >= 200 && status < 400 && pod !== '' && podBy !== 'none' && err === '';
