import type { Connection, Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import { Buckets } from './buckets.ts';
import { TimeBitmap } from './time-bitmap.ts';

/**
 * The requests on connections of one kind over the judged time: when the answered ones were sent, and how many failed.
 */
export class KindOfTraffic {
  readonly conn: Connection;
  readonly answered: TimeBitmap;
  readonly buckets: Buckets;

  constructor(conn: Connection, judged: { readonly from: Micros; readonly to: Micros }) {
    this.conn = conn;
    this.answered = new TimeBitmap(judged);
    this.buckets = new Buckets(judged);
  }

  /** Sees an answered request. */
  answer({ start }: Pick<Request, 'start'>): void {
    this.answered.see(start);
    this.buckets.answer(start);
  }
}
