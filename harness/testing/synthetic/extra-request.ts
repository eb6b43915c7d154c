import assert from 'node:assert/strict';
import type { TrueRequest } from './requests.ts';
import type { TruePod } from './world.ts';

export const idOf = ({ gen, seq }: Pick<TrueRequest, 'gen' | 'seq'>) => `${gen}-${seq}`;

let nextSeq = 90_000;

/** A request outside the schedule, with a number that no other has. */
export function extra(start: number, what: Partial<TrueRequest>): TrueRequest {
  const seq = nextSeq++;
  const row = { gen: 'fresh', conn: 'fresh' as const, seq, due: start - 0.5, start, end: start + 1, status: 0 };
  return {
    ...row,
    code: 1212,
    err: 'dial: connection refused',
    reused: false,
    sport: 2000 + (seq % 5000),
    ...what,
  };
}

export const endOf = (pod: TruePod | undefined, moment: 'listen' | 'sigterm' | 'close' | 'exit'): number => {
  const at = pod?.[moment];
  assert.ok(at !== undefined, `no ${moment}`);
  return at;
};
