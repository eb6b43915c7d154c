import { z } from 'zod';
import type { Request, RequestsFooter, RequestsHeader } from '../model/request.ts';
import type { Micros } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import type { ArmFolder } from './arm-folder.ts';
import { readRecords } from './read-lines.ts';
import { RowReader } from './request-rows.ts';
import { schemaInWords } from './schema-name.ts';
import { requestsSchema, upgradeRequests } from './upgrade/requests.ts';

const headerShape: z.ZodType<RequestsHeader> = z.looseObject({
  schema: z.literal(requestsSchema),
  gen: z.string(),
  conn: z.enum(['fresh', 'kept-alive']),
  clock: z.string(),
  epoch: z.int().nonnegative(),
  ratePerSecond: z.number().positive().optional(),
  timeoutMs: z.number().positive(),
  target: z.string(),
  fields: z.array(z.string()).refine((fields) => new Set(fields).size === fields.length),
  attempts: z.enum(['each', 'last']).optional(),
});

const footerShape: z.ZodType<RequestsFooter> = z.looseObject({
  footer: z.literal(true),
  rows: z.int().nonnegative(),
  httpReqs: z.int().nonnegative(),
  httpReqsFailed: z.int().nonnegative().nullable(),
  droppedIterations: z.int().nonnegative(),
  end: z.int(),
});

/** No client makes more attempts. A row with more is not an attempt of the same request. */
const mostAttempts = 100;

/** The requests of one generator. `header` is set from the first batch on, `footer` at the end of a complete file. */
export class RequestsFile {
  readonly gen: string;
  readonly file: string;
  header: RequestsHeader | undefined;
  footer: RequestsFooter | undefined;
  /** Why no row can be read although there is a header: the missing columns and their purpose. */
  lacking: string | undefined;
  readonly #folder: ArmFolder;
  readonly #ahead: Micros;
  #rows: RowReader | undefined;
  #upgradeFooter = (footer: unknown): unknown => footer;
  /** The last row that was read. The next row shows whether it was the last attempt of its request. */
  #latest: Request | undefined;

  /** `ahead`: by how much the clock of the generator is ahead of the clock of the harness, in microseconds. */
  constructor(folder: ArmFolder, gen: string, ahead: Micros = 0) {
    this.#ahead = ahead;
    this.gen = gen;
    this.file = `requests-${gen}.ndjson`;
    this.#folder = folder;
  }

  /**
   * Reads the requests in the order in which they ended. Each is its last attempt, with the earlier attempts that have
   * rows. Without a header no row can be read, because times are relative to its epoch. Rows are parsed while a batch is
   * iterated, which is possible only once. Throws UsageError for an unknown schema.
   */
  async *batches(): AsyncGenerator<Iterable<Request>> {
    const lines = readRecords(this.#folder, this.file, (value) => this.#parse(value));
    for await (const values of lines) {
      yield this.#requestsOf(values);
      if (this.lacking === undefined) continue;
      this.#folder.damage.end({ file: this.file, what: this.lacking });
      return;
    }
    if (this.#latest) yield [this.#latest];
    if (!this.footer)
      this.#folder.damage.add({ file: this.file, what: 'no footer: the generator did not exit normally' });
  }

  *#requestsOf(values: Iterable<Request | 'frame'>): Generator<Request> {
    for (const value of values) {
      const request = value === 'frame' ? undefined : this.#take(value);
      if (request) yield request;
    }
  }

  /** Returns the previous request once its last attempt is known. The attempts of a request are consecutive rows. */
  #take(row: Request): Request | undefined {
    const before = this.#latest;
    this.#latest = row;
    if (!before) return undefined;
    if (row.seq !== before.seq || row.attempt <= before.attempt || (before.earlier?.length ?? 0) >= mostAttempts)
      return before;
    const { earlier = [], ...attempt } = before;
    this.#latest = { ...row, earlier: [...earlier, attempt] };
    return undefined;
  }

  #parse(value: unknown): Request | 'frame' | undefined {
    if (this.lacking !== undefined) return 'frame';
    if (this.footer) return undefined;
    if (this.#rows) {
      const request = this.#rows.read(value);
      if (request) return request;
      const footer = footerShape.safeParse(this.#upgradeFooter(value)).data;
      this.footer = footer && { ...footer, end: footer.end - this.#ahead };
      return this.footer && 'frame';
    }
    const upgraded = upgradeRequests(value);
    const named = (upgraded.header as { schema?: unknown } | null)?.schema;
    if (typeof named === 'string' && named !== requestsSchema) {
      throw new UsageError(
        `${this.file} has the schema ${schemaInWords(named)}, but this version of holdfast reads up to ${requestsSchema}. Use the version that wrote it`,
      );
    }
    const header = headerShape.safeParse(upgraded.header).data;
    if (header?.gen !== this.gen) return undefined;
    this.#upgradeFooter = upgraded.footer;
    this.lacking = RowReader.lacking(header);
    if (this.lacking !== undefined) return 'frame';
    // The times of all rows are relative to the epoch.
    this.header = { ...header, epoch: header.epoch - this.#ahead };
    this.#rows = new RowReader(this.header);
    return 'frame';
  }
}
