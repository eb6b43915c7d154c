import type { Micros, Ms } from './units.ts';

/** How a generator uses connections: a new one for each request, or the same ones again and again. */
export type Connection = 'fresh' | 'kept-alive';

/** The names of a row's values, in their order. */
export const requestFields = [
  'seq',
  'due',
  'start',
  'end',
  'code',
  'err',
  'status',
  'reused',
  'attempts',
  'sport',
  'dst',
  'pod',
  'node',
  'version',
] as const;

/** First line of `requests-<gen>.ndjson`. */
export interface RequestsHeader {
  readonly schema: 'holdfast.requests/1';
  readonly gen: string;
  readonly conn: Connection;
  readonly clock: string;
  /** `due`, `start` and `end` of the rows are microseconds after this moment. */
  readonly epoch: Micros;
  readonly ratePerSecond: number;
  readonly timeoutMs: Ms;
  readonly target: string;
  readonly fields: readonly string[];
}

/** Last line. A file without it was cut off, and its arm is inconclusive. */
export interface RequestsFooter {
  readonly footer: true;
  readonly rows: number;
  /** k6's own count of requests: must equal `rows`. */
  readonly httpReqs: number;
  /** k6's own count of those that failed: must equal the rows with an error code. Old recordings do not say. */
  readonly httpReqsFailed?: number | undefined;
  readonly droppedIterations: number;
  readonly end: Micros;
}

/** One request, row v1, with what the header says of all of them. */
export interface Request {
  readonly gen: string;
  readonly conn: Connection;
  readonly seq: number;
  /** `<gen>-<seq>`, sent as `X-Request-Id`. */
  readonly id: string;
  /** When the open model wanted it sent: scenario start + iteration ÷ rate. */
  readonly due: Micros;
  readonly start: Micros;
  readonly end: Micros;
  /** k6's error code; 0 is an answer below 400. */
  readonly code: number;
  readonly err: string;
  readonly status: number;
  readonly reused: boolean;
  /** Connections that the transport tried; more than one is a hidden retry. */
  readonly attempts: number;
  /** Source port, 0 where none was bound. */
  readonly sport: number;
  readonly dst: string;
  /** Who answered, by its identity headers; empty when nobody did. */
  readonly pod: string;
  readonly node: string;
  readonly version: string;
}
