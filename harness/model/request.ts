import type { Micros, Ms } from './units.ts';

/** How a generator uses connections: a new one for each request, or the same ones again. */
export type Connection = 'fresh' | 'kept-alive';

/** The columns of a row of our generator, in order. docs/recording.md describes each. */
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

/** The first line of `requests-<gen>.ndjson`. */
export interface RequestsHeader {
  readonly schema: 'holdfast.requests/2';
  readonly gen: string;
  readonly conn: Connection;
  readonly clock: string;
  /** `due`, `start` and `end` of the rows are microseconds after this moment. */
  readonly epoch: Micros;
  /** Absent for a closed load, in which the next request waits for an answer. */
  readonly ratePerSecond?: number | undefined;
  readonly timeoutMs: Ms;
  readonly target: string;
  /** The names of the values of a row, in order. */
  readonly fields: readonly string[];
  /** Which attempts of a request have a row; each one by default. */
  readonly attempts?: 'each' | 'last' | undefined;
}

/** The last line. A file without it was cut off, and its arm is inconclusive. */
export interface RequestsFooter {
  readonly footer: true;
  /** The number of rows of all attempts. */
  readonly rows: number;
  /** The number of requests that the generator counted. It must equal the number of requests with rows. */
  readonly httpReqs: number;
  /**
   * The number of failed requests that the generator counted. It must equal the number of requests whose last attempt
   * has an error code. Null if it did not count them.
   */
  readonly httpReqsFailed: number | null;
  readonly droppedIterations: number;
  readonly end: Micros;
}

/** How the pod of a row is known: from the header of the answer, from conntrack, or not at all. */
export const podSources = ['header', 'conntrack', 'none'] as const;
export type PodSource = (typeof podSources)[number];

/**
 * One attempt to send a request, with data from the header of the file. The result of a request is its last attempt.
 */
export interface Request {
  readonly gen: string;
  readonly conn: Connection;
  readonly seq: number;
  /** `<gen>-<seq>`, sent as `X-Request-Id`. */
  readonly id: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** The earlier attempts that the client gave up silently, in order. Absent if there are none or they have no rows. */
  readonly earlier?: readonly Request[] | undefined;
  /** When the request was due: scenario start + iteration ÷ rate. Undefined for a closed load. */
  readonly due?: Micros | undefined;
  readonly start: Micros;
  readonly end: Micros;
  /** The error code of k6; 0 for an answer with a status below 400. */
  readonly code: number;
  readonly err: string;
  readonly status: number;
  /** The number of its TCP connection within the generator; 0 if it had none or it was not recorded. */
  readonly connection: number;
  readonly reused: boolean;
  /** The address of the generator; empty if no connection was made. */
  readonly source: string;
  /** The source port; 0 if none was bound. */
  readonly sport: number;
  readonly dst: string;
  /** The protocol of the answer, such as `HTTP/1.1`; empty without an answer. */
  readonly protocol: string;
  /** The pod that answered; empty without an answer. */
  readonly pod: string;
  readonly podBy: PodSource;
  readonly node: string;
  readonly version: string;
}

/** When the client sent the request first. */
export const sentAt = ({ earlier, start }: Pick<Request, 'earlier' | 'start'>): Micros => earlier?.[0]?.start ?? start;
