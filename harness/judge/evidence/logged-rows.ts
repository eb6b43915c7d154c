import type { WorkloadEvent } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { eachRow } from './each-row.ts';
import { FirstFound, type Found } from './first-found.ts';
import type { GeneratorLoad } from './load.ts';
import { LogClock } from './log-clock.ts';
import { type RowTable, rowFlags } from './row-table.ts';

/** A connection that was accepted before the listener closed is answered a little later: 30 ms was measured. */
const takenBefore: Micros = msToMicros(50);
/** Lines of a process are stamped in order, except for the time that writing one takes. */
const tolerance: Micros = msToMicros(10);
/** A killed process may have answered requests without having had time to log them. */
const unwritten: Micros = msToMicros(1000);

/** A pod’s own log, read in order: the states of its process, and its requests. */
class LoggedPod {
  readonly name: string;
  readonly clock: LogClock;
  firstListen: Micros | undefined;
  firstRequest: Micros | undefined;
  lastRequest: Micros | undefined;
  /** The time of its last line. */
  lastLine: Micros = 0;
  /** Whether its last process logged its end. */
  exited = false;
  readonly tooEarly = new FirstFound();
  readonly tooLate = new FirstFound();
  readonly missing = new FirstFound();
  #listen: Micros | undefined;
  #close: Micros | undefined;
  #exit: Micros | undefined;

  /** `error`: how far the pod’s clock and the clock of the requests may differ. */
  constructor(name: string, span: { readonly from: Micros; readonly to: Micros }, error: Micros) {
    this.name = name;
    this.clock = new LogClock(span, error);
  }

  see({ type, at }: WorkloadEvent): void {
    this.lastLine = Math.max(this.lastLine, at);
    if (type === 'boot') {
      this.#listen = undefined;
      this.#close = undefined;
      this.#exit = undefined;
      this.exited = false;
    }
    if (type === 'listen') {
      this.#listen = at;
      this.firstListen ??= at;
    }
    if (type === 'close') this.#close = at;
    if (type === 'exit') {
      this.#exit = at;
      this.exited = true;
    }
  }

  /** Sees a line about a request. Only a request on a new connection needs the listener. */
  seeRequest({ type, at, id = '' }: WorkloadEvent, reused: boolean): void {
    this.lastLine = Math.max(this.lastLine, at);
    this.firstRequest = Math.min(this.firstRequest ?? at, at);
    this.lastRequest = Math.max(this.lastRequest ?? at, at);
    const name = this.name;
    if (this.#listen === undefined || at < this.#listen)
      this.tooEarly.add(at, () => `${name}: logged ${id} before it listened`);
    if (this.#exit !== undefined && at > this.#exit + tolerance)
      this.tooLate.add(at, () => `${name}: logged ${id} after it exited`);
    else if (type === 'start' && !reused && this.#close !== undefined && at > this.#close + takenBefore)
      this.tooLate.add(at, () => `${name}: took ${id} on a new connection after it had closed its listener`);
  }
}

/** The number from `from` to the end of a text. Read without a copy, because each request has two of them. */
function numberAt(text: string, from: number): number {
  let number = from < text.length ? 0 : Number.NaN;
  for (let index = from; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    number = digit >= 0 && digit <= 9 ? 10 * number + digit : Number.NaN;
  }
  return number;
}

/** Compares all requests in the pods’ logs with all rows, in both directions. */
export class LoggedRows {
  readonly #generators: readonly GeneratorLoad[];
  readonly #span: { readonly from: Micros; readonly to: Micros };
  readonly #errorOf: (pod: string) => Micros;
  readonly #pods = new Map<string, LoggedPod>();
  readonly #begunTwice = new Map<string, number>();
  readonly #rowless = new FirstFound();
  readonly #loggedTwice = new FirstFound();
  #pod: LoggedPod | undefined;

  /**
   * The generators’ rows must all have been read. `errorOf`: how far the clocks of a pod and of its requests may
   * differ.
   */
  constructor(
    generators: readonly GeneratorLoad[],
    span: { readonly from: Micros; readonly to: Micros },
    errorOf: (pod: string) => Micros = () => 0,
  ) {
    this.#generators = generators;
    this.#span = span;
    this.#errorOf = errorOf;
  }

  see(event: WorkloadEvent): void {
    const pod = this.#podOf(event.pod);
    if (event.type !== 'start' && event.type !== 'end') {
      pod.see(event);
      return;
    }
    const { id = '' } = event;
    const load = this.#generatorOf(id);
    // Other clients may send requests to a pod too.
    if (load) this.#seeRequest(event, pod, load, numberAt(id, load.gen.length + 1));
  }

  /** Logs are read one after another. */
  #podOf(name: string): LoggedPod {
    if (this.#pod?.name === name) return this.#pod;
    this.#pod = this.#pods.get(name) ?? new LoggedPod(name, this.#span, this.#errorOf(name));
    this.#pods.set(name, this.#pod);
    return this.#pod;
  }

  #generatorOf(id: string): GeneratorLoad | undefined {
    const dash = id.lastIndexOf('-');
    for (const load of this.#generators) if (load.gen.length === dash && id.startsWith(load.gen)) return load;
    return undefined;
  }

  #seeRequest(event: WorkloadEvent, pod: LoggedPod, { gen, table }: GeneratorLoad, row: number): void {
    const { at, type } = event;
    const flags = table.flags(row);
    if (flags === 0) {
      this.#rowless.add(at, () => `${pod.name} logged ${gen}-${row}, but no row has that number`);
      return;
    }
    if (type === 'start' && (flags & rowFlags.begunAnywhere) !== 0) this.#begunTwice.set(gen, this.begunTwice(gen) + 1);
    pod.seeRequest(event, (flags & rowFlags.reused) !== 0);
    const own = table.podNames[table.pod(row)] === pod.name;
    const flag = type === 'start' ? rowFlags.begun : rowFlags.ended;
    const once = (flags & (rowFlags.answered | rowFlags.retried)) === rowFlags.answered;
    if (once && (!own || (flags & flag) !== 0))
      this.#loggedTwice.add(
        at,
        () => `${gen}-${row}: answered by ${this.#answererOf(table, row)}, but ${pod.name} logged it too`,
      );
    table.set(row, (own ? flag : 0) | (type === 'start' ? rowFlags.begunAnywhere : 0));
    if (own) pod.clock.see(type === 'start' ? type : 'end', at, { start: table.start(row), end: table.end(row) });
  }

  /** How many requests of a generator were begun more than once by servers. */
  begunTwice(gen: string): number {
    return this.#begunTwice.get(gen) ?? 0;
  }

  #answererOf(table: RowTable, row: number): string {
    return table.podNames[table.pod(row)] || 'no pod';
  }

  /** Requests in the pods’ logs that have no row. */
  get rowless(): Found | undefined {
    return this.#rowless.found();
  }

  /** Requests that were answered without a retry but logged by more than one pod, or twice by one. */
  get loggedTwice(): Found | undefined {
    return this.#loggedTwice.found();
  }

  /** Each pod that left a log and, after `findMissing`, each pod that answered. */
  pods(): readonly LoggedPod[] {
    return [...this.#pods.values()];
  }

  /** Finds answered rows that are missing in their pod’s log. Call it once, after all logs have been read. */
  async findMissing(pause: () => Promise<void>): Promise<void> {
    for (const { gen, table } of this.#generators)
      await eachRow(table, pause, (row) => {
        if (!table.has(row, rowFlags.answered) || table.has(row, rowFlags.begun + rowFlags.ended)) return;
        const pod = this.#podOf(table.podNames[table.pod(row)] ?? '');
        const late = table.end(row) - pod.lastLine;
        if (!pod.exited && late >= 0 && late <= unwritten) return;
        pod.missing.add(table.start(row), () => `${gen}-${row}: answered, but not in the log of ${pod.name}`);
      });
  }
}
