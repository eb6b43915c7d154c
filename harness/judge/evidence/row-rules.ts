import type { Phase } from '../../model/finding.ts';
import { type Request, type RequestsHeader, sentAt } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** Counts the rows that break a rule, and keeps the first. */
class Odd {
  count = 0;
  first: Request | undefined;

  see(request: Request): void {
    this.count += 1;
    this.first ??= request;
  }
}

/** The generator computes due times and then takes the start time: real rows differ by at most 4 µs. */
const tolerance: Micros = msToMicros(1);

/** Checks that a generator’s rows do not contradict themselves and follow the schedule. */
export class RowRules {
  /** An answer has a status below 400, names its pod, and has no error. A failure does not. */
  readonly contradictory = new Odd();
  /** The due time is the scenario’s start plus the number divided by the rate. */
  readonly offSchedule = new Odd();
  readonly sentEarly = new Odd();
  longest: Request | undefined;
  last: Request | undefined;
  /** How many requests were sent in each phase. */
  readonly sent: { [phase in Phase]: number } = { warmup: 0, baseline: 0, fault: 0, tail: 0 };
  #firstDue: Micros | undefined;

  /** `header` is known from the first row on, because rows cannot be read without it. */
  see(request: Request, phase: Phase | undefined, header: RequestsHeader | undefined): void {
    const { due, end } = request;
    const sent = sentAt(request);
    if (phase) this.sent[phase] += 1;
    if ((request.code === 0) !== readsAsAnswer(request)) this.contradictory.see(request);
    if (!this.longest || end - sent > this.longest.end - sentAt(this.longest)) this.longest = request;
    if (!this.last || end > this.last.end) this.last = request;
    if (due === undefined) return;
    if (sent < due - tolerance) this.sentEarly.see(request);
    if (header?.ratePerSecond === undefined) return;
    const first = due - (request.seq * 1e6) / header.ratePerSecond;
    this.#firstDue ??= first;
    if (Math.abs(first - this.#firstDue) > tolerance) this.offSchedule.see(request);
  }

  /** Sees an attempt that the client gave up. It has no answer. */
  seeGivenUp(attempt: Request): void {
    if (attempt.code === 0 || readsAsAnswer(attempt)) this.contradictory.see(attempt);
  }
}

const readsAsAnswer = ({ status, pod, podBy, err }: Request): boolean =>
  status >= 200 && status < 400 && pod !== '' && podBy !== 'none' && err === '';
