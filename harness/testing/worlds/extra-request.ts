import assert from 'node:assert/strict';
import type { Sent } from './traffic.ts';
import type { Pod } from './world.ts';

export const idOf = ({ gen, seq }: Pick<Sent, 'gen' | 'seq'>) => `${gen}-${seq}`;

let nextSeq = 90_000;

/** A request outside of the schedule, with a unique number. */
export function extra(start: number, what: Partial<Sent>): Sent {
  const seq = nextSeq++;
  const row = { gen: 'fresh' as const, seq, due: start - 0.5, start, end: start + 1, status: 0 };
  return {
    ...row,
    code: 1212,
    err: 'dial: connection refused',
    reused: false,
    sport: 2000 + (seq % 5000),
    ...what,
  };
}

/**
 * The time at which a pod's first container listens, at which the pod gets SIGTERM or closes its listener, or at which
 * its last container exits.
 */
export const endOf = (pod: Pod | undefined, moment: 'listen' | 'sigterm' | 'close' | 'exit'): number => {
  const moments = {
    listen: pod?.lives[0]?.listen,
    sigterm: pod?.sigterm,
    close: pod?.close,
    exit: pod?.lives.at(-1)?.end?.at,
  };
  const at = moments[moment];
  assert.ok(at !== undefined, `no ${moment}`);
  return at;
};
