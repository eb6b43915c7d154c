import { z } from 'zod';
import { type Request, type RequestsFooter, type RequestsHeader, requestFields } from '../model/request.ts';
import type { Micros } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import type { ArmFolder } from './arm-folder.ts';
import { readRecords } from './read-lines.ts';

const schema: RequestsHeader['schema'] = 'holdfast.requests/1';

const headerShape: z.ZodType<RequestsHeader> = z.looseObject({
  schema: z.literal(schema),
  gen: z.string(),
  conn: z.enum(['fresh', 'kept-alive']),
  clock: z.string(),
  epoch: z.int().nonnegative(),
  ratePerSecond: z.number().positive(),
  timeoutMs: z.number().positive(),
  target: z.string(),
  fields: z.array(z.string()),
});

const footerShape: z.ZodType<RequestsFooter> = z.looseObject({
  footer: z.literal(true),
  rows: z.int().nonnegative(),
  httpReqs: z.int().nonnegative(),
  httpReqsFailed: z.int().nonnegative().optional(),
  droppedIterations: z.int().nonnegative(),
  end: z.int(),
});

type Row = [
  seq: number,
  due: number,
  start: number,
  end: number,
  code: number,
  err: string,
  status: number,
  reused: boolean,
  attempts: number,
  sport: number,
  dst: string,
  pod: string,
  node: string,
  version: string,
];

const kinds =
  'number number number number number string number boolean number number string string string string'.split(' ');

function isRow(value: unknown): value is Row {
  if (!Array.isArray(value) || value.length !== kinds.length) return false;
  for (let index = 0; index < kinds.length; index++) {
    const item: unknown = value[index];
    if (typeof item !== kinds[index]) return false;
    if (typeof item === 'number' && !Number.isSafeInteger(item)) return false;
  }
  return value[2] <= value[3];
}

/** The requests of one generator. `header` is known from the first batch on, `footer` at the end of a whole file. */
export class RequestsFile {
  readonly gen: string;
  readonly file: string;
  header: RequestsHeader | undefined;
  footer: RequestsFooter | undefined;
  readonly #folder: ArmFolder;
  readonly #ahead: Micros;

  /** `ahead`: how far the generator's clock is ahead of the one that moments are wanted on. */
  constructor(folder: ArmFolder, gen: string, ahead: Micros = 0) {
    this.#ahead = ahead;
    this.gen = gen;
    this.file = `requests-${gen}.ndjson`;
    this.#folder = folder;
  }

  /**
   * Reads the rows in the order of their end. Without a header no row can be read, because moments are relative to its
   * epoch. Throws UsageError for a schema that this holdfast does not know.
   */
  async *batches(): AsyncGenerator<readonly Request[]> {
    const lines = readRecords(this.#folder, this.file, (value) => this.#parse(value));
    for await (const values of lines) yield values.filter((value) => value !== 'frame');
    if (!this.footer)
      this.#folder.damage.add({ file: this.file, what: 'no footer: the generator did not end by itself' });
  }

  #parse(value: unknown): Request | 'frame' | undefined {
    if (this.footer) return undefined;
    if (this.header) {
      if (isRow(value)) return this.#request(value, this.header);
      const footer = footerShape.safeParse(value).data;
      this.footer = footer && { ...footer, end: footer.end - this.#ahead };
      return this.footer && 'frame';
    }
    const named = (value as { schema?: unknown } | null)?.schema;
    if (typeof named === 'string' && named !== schema) {
      throw new UsageError(`${this.file} holds ${named}, and this holdfast reads ${schema}: use the one that wrote it`);
    }
    const header = headerShape.safeParse(value).data;
    if (header?.gen !== this.gen || header.fields.join() !== requestFields.join()) return undefined;
    // All moments of rows count from it.
    this.header = { ...header, epoch: header.epoch - this.#ahead };
    return 'frame';
  }

  #request(row: Row, { gen, conn, epoch }: RequestsHeader): Request {
    const [seq, due, start, end, code, err, status, reused, attempts, sport, dst, pod, node, version] = row;
    return {
      gen,
      conn,
      seq,
      id: `${gen}-${seq}`,
      due: epoch + due,
      start: epoch + start,
      end: epoch + end,
      code,
      err,
      status,
      reused,
      attempts,
      sport,
      dst,
      pod,
      node,
      version,
    };
  }
}
