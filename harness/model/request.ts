import type { Micros, Ms } from './units.ts';

/** How a generator uses connections: a new one for each request, or the same ones again and again. */
export type Connection = 'fresh' | 'kept-alive';

/** The columns of a row that our generator writes, in its order. docs/recording.md says what each holds. */
export const requestFields = [
  'seq',
  'due',
  'start',
  'end',
  'code',
  'err',
  'status',
  'reused',
  'attempt',
  'sport',
  'dst',
  'connection',
  'source',
  'protocol',
  'podBy',
  'pod',
  'node',
  'version',
] as const;

export type RequestField = (typeof requestFields)[number];

/** First line of `requests-<gen>.ndjson`. */
export interface RequestsHeader {
  readonly schema: 'holdfast.requests/2';
  readonly gen: string;
  readonly conn: Connection;
  readonly clock: string;
  /** `due`, `start` and `end` of the rows are microseconds after this moment. */
  readonly epoch: Micros;
  /** Absent if the load was closed: the next request waits for an answer. */
  readonly ratePerSecond?: number | undefined;
  readonly timeoutMs: Ms;
  readonly target: string;
  /** The names of a row's values, in their order. */
  readonly fields: readonly string[];
  /** Which attempts of a request have a row; each of them if it says nothing. */
  readonly attempts?: 'each' | 'last' | undefined;
}

/** Last line. A file without it was cut off, and its arm is inconclusive. */
export interface RequestsFooter {
  readonly footer: true;
  /** Of all attempts. */
  readonly rows: number;
  /** The generator's own count of requests: must equal the requests that have rows. */
  readonly httpReqs: number;
  /** Its own count of those that failed: must equal the requests whose last attempt has an error code. Null if it did not count them. */
  readonly httpReqsFailed: number | null;
  readonly droppedIterations: number;
  readonly end: Micros;
}

/** How a row knows its pod: by the answer's own header, by conntrack, or not at all. */
export const podSources = ['header', 'conntrack', 'none'] as const;
export type PodSource = (typeof podSources)[number];

/** One attempt to send a request, with what the header says of all of them. A request's outcome is its last attempt's. */
export interface Request {
  readonly gen: string;
  readonly conn: Connection;
  readonly seq: number;
  /** `<gen>-<seq>`, sent as `X-Request-Id`. */
  readonly id: string;
  /** From 1 on. */
  readonly attempt: number;
  /** The attempts before this one that the client gave up without telling, in their order. Absent if there are none, and if they have no row. */
  readonly earlier?: readonly Request[] | undefined;
  /** When the open model wanted it sent: scenario start + iteration ÷ rate. Undefined if the load was closed. */
  readonly due?: Micros | undefined;
  readonly start: Micros;
  readonly end: Micros;
  /** k6's error code; 0 is an answer below 400. */
  readonly code: number;
  readonly err: string;
  readonly status: number;
  /** Names its TCP connection within the generator; 0 if it had none, or that is not recorded. */
  readonly connection: number;
  readonly reused: boolean;
  /** The generator's own address; empty if no connection was made. */
  readonly source: string;
  /** Source port, 0 where none was bound. */
  readonly sport: number;
  readonly dst: string;
  /** As the answer names it, such as `HTTP/1.1`; empty without an answer. */
  readonly protocol: string;
  /** Who answered; empty when nobody did. */
  readonly pod: string;
  readonly podBy: PodSource;
  readonly node: string;
  readonly version: string;
}

/** When the client sent it for the first time. */
export const sentAt = ({ earlier, start }: Pick<Request, 'earlier' | 'start'>): Micros => earlier?.[0]?.start ?? start;
