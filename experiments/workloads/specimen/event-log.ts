import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkloadEvent } from '../../../harness/model/event.ts';

export type Log = (type: WorkloadEvent['type'], id?: string) => void;

/** Appends to `<directory>/<pod>.ndjson`. Each event is in the kernel's hands before the call returns, so a SIGKILL loses none. */
export function openEventLog(directory: string, pod: string): Log {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, `${pod}.ndjson`), 'a', 0o644);
  return (type, id) => {
    const event: WorkloadEvent = id === undefined ? { at: now(), type, pod } : { at: now(), type, pod, id };
    writeSync(file, `${JSON.stringify(event)}\n`);
  };
}

/** Wall clock in µs. `Date.now()` follows the clock's steps but has whole ms, `performance` the µs but no steps. */
function now(): number {
  const fine = performance.timeOrigin + performance.now();
  const wall = Date.now();
  return Math.floor(Math.min(Math.max(fine, wall), wall + 0.999) * 1000);
}
