import type { Telling } from './tell.ts';
import { times } from './world.ts';

/**
 * How a busy machine records a simulated arm: watches and conntrack are up to 0.9 s late at once. In about half of the
 * recordings, the harness's event loop is blocked for up to 5 s, starting around the fault.
 */
export function busyMachine(random: () => number): Pick<Telling, 'lateMs' | 'readLateMs' | 'heldUp'> {
  const late = { lateMs: 900, readLateMs: 900 };
  if (random() < 0.5) return late;
  const from = times.fault + 10 + random() * 2500;
  return { ...late, heldUp: { from, to: from + 500 + random() * 4500 } };
}
