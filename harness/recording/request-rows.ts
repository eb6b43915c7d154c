import type { PodSource, Request, RequestField, RequestsHeader } from '../model/request.ts';

type Kind = 'number' | 'string' | 'boolean';

const kinds: { readonly [field in RequestField]: Kind } = {
  seq: 'number',
  due: 'number',
  start: 'number',
  end: 'number',
  code: 'number',
  err: 'string',
  status: 'number',
  reused: 'boolean',
  attempt: 'number',
  sport: 'number',
  dst: 'string',
  connection: 'number',
  source: 'string',
  protocol: 'string',
  podBy: 'string',
  pod: 'string',
  node: 'string',
  version: 'string',
};

/** Columns that are required to judge an arm, and what could not be checked without each of them. */
const required: { readonly [field in RequestField]?: string } = {
  seq: 'which requests are missing, and what pods wrote of them',
  start: 'when requests were sent',
  end: 'how long requests took',
  code: 'which requests failed',
  err: 'why requests failed',
  status: 'what was answered',
  reused: 'which requests opened a connection',
  sport: 'which connections conntrack saw of them',
  dst: 'where requests were sent',
  pod: 'who answered',
};

const fieldsOf = <Value>(record: { readonly [field in RequestField]?: Value }): RequestField[] =>
  Object.keys(record) as RequestField[];

const isPodSource = (text: PodSource): boolean => text === 'header' || text === 'none' || text === 'conntrack';

/** 0 for a request that never had a connection. Larger numbers would make sets of ports large. */
const isPort = (number: number): boolean => number >= 0 && number < 65_536;

/** Reads the rows of one file by the names of the columns in its header. Unknown columns are ignored. */
export class RowReader {
  readonly #header: RequestsHeader;
  readonly #length: number;
  /** The index of the column of each field; -1 if there is none. */
  readonly #at: { readonly [field in RequestField]: number };
  /** The indices of the columns that hold integers, strings and booleans. */
  readonly #numbers: readonly number[];
  readonly #strings: readonly number[];
  readonly #booleans: readonly number[];

  constructor(header: RequestsHeader) {
    const { fields } = header;
    this.#header = header;
    this.#length = fields.length;
    const at = Object.fromEntries(fieldsOf(kinds).map((field) => [field, fields.indexOf(field)]));
    this.#at = at as { [field in RequestField]: number };
    const holding = (kind: Kind): number[] =>
      fieldsOf(kinds).flatMap((field) => (kinds[field] === kind && this.#at[field] >= 0 ? [this.#at[field]] : []));
    this.#numbers = holding('number');
    this.#strings = holding('string');
    this.#booleans = holding('boolean');
  }

  /** The required columns that a header lacks, in words; undefined if it has all. */
  static lacking({ fields }: RequestsHeader): string | undefined {
    const missing = fieldsOf(required).filter((field) => !fields.includes(field));
    if (missing.length === 0) return undefined;
    const words = missing.map((field) => `no column ${field}, so it cannot be checked ${required[field]}`);
    return `${words.join('; ')}: its rows are not read`;
  }

  /** Reads a row. Undefined if the value is not a row of this file. */
  read(value: unknown): Request | undefined {
    if (!this.#isRow(value)) return undefined;
    const { gen, conn, epoch } = this.#header;
    const at = this.#at;
    const seq = value[at.seq] as number;
    const start = value[at.start] as number;
    const end = value[at.end] as number;
    const pod = value[at.pod] as string;
    const podBy = at.podBy < 0 ? (pod === '' ? 'none' : 'header') : (value[at.podBy] as PodSource);
    const sport = value[at.sport] as number;
    if (start > end || !isPodSource(podBy) || !isPort(sport)) return undefined;
    return {
      gen,
      conn,
      seq,
      id: `${gen}-${seq}`,
      attempt: at.attempt < 0 ? 1 : (value[at.attempt] as number),
      due: at.due < 0 ? undefined : epoch + (value[at.due] as number),
      start: epoch + start,
      end: epoch + end,
      code: value[at.code] as number,
      err: value[at.err] as string,
      status: value[at.status] as number,
      connection: at.connection < 0 ? 0 : (value[at.connection] as number),
      reused: value[at.reused] as boolean,
      source: at.source < 0 ? '' : (value[at.source] as string),
      sport,
      dst: value[at.dst] as string,
      protocol: at.protocol < 0 ? '' : (value[at.protocol] as string),
      pod,
      podBy,
      node: at.node < 0 ? '' : (value[at.node] as string),
      version: at.version < 0 ? '' : (value[at.version] as string),
    };
  }

  #isRow(value: unknown): value is unknown[] {
    if (!Array.isArray(value) || value.length !== this.#length) return false;
    for (const index of this.#numbers) if (!Number.isSafeInteger(value[index])) return false;
    for (const index of this.#strings) if (typeof value[index] !== 'string') return false;
    for (const index of this.#booleans) if (typeof value[index] !== 'boolean') return false;
    return true;
  }
}
