import type { PodState, RecordedEvent } from '../../model/event.ts';
import type { Request } from '../../model/request.ts';
import type { Json, Micros } from '../../model/units.ts';

/** An event as the reader returns it. */
export const eventOf = (
  at: Micros,
  source: RecordedEvent['source'],
  type: string,
  subject: string,
  data: object,
): RecordedEvent => ({ at, source, type, subject, data: data as Json });

/** A pod that is Running and Ready on node w1. */
export const podState = (change: Partial<PodState> = {}): PodState => ({
  node: 'w1',
  ip: '',
  phase: 'Running',
  ready: true,
  revision: '6d5f8c9b47',
  version: '1',
  terminating: false,
  graceSeconds: null,
  containers: [],
  ...change,
});

interface PodChange extends Partial<PodState> {
  readonly uid?: string;
  /** `added`, `modified` or `deleted`. */
  readonly type?: string;
}

/** An event of the pod watch about such a pod. */
export const podEvent = (
  at: Micros,
  name: string,
  { uid = `uid-${name}`, type = 'modified', ...change }: PodChange = {},
): RecordedEvent => ({ ...eventOf(at, 'pod', type, uid, podState(change)), kind: 'Pod', name });

/** A request on a fresh connection that pod web-1 answered with 200 in 2 ms. */
export const answered = (change: Partial<Request> = {}): Request => {
  const { end = 2000, start = end - 2000 } = change;
  return {
    gen: 'fresh',
    conn: 'fresh',
    seq: 1,
    id: 'fresh-1',
    due: start,
    start,
    end,
    code: 0,
    err: '',
    status: 200,
    reused: false,
    attempt: 1,
    connection: 0,
    source: '10.244.1.5',
    protocol: 'HTTP/1.1',
    podBy: 'header',
    sport: 4711,
    dst: '10.96.0.1:80',
    pod: 'web-1',
    node: 'w1',
    version: '1',
    ...change,
  };
};
