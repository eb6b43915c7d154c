import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkloadEvent } from '../../../harness/model/event.ts';

export type Log = (type: WorkloadEvent['type'], id?: string) => void;

/**
 * Appends to `<directory>/<pod>.ndjson`. The kernel has each event before the call returns, so a SIGKILL loses none.
 */
export function openEventLog(directory: string, pod: string): Log {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, `${pod}.ndjson`), 'a', 0o644);
  return (type, id) => {
    const event: WorkloadEvent = id === undefined ? { at: now(), type, pod } : { at: now(), type, pod, id };
    writeSync(file, `${JSON.stringify(event)}\n`);
  };
}

let offset = performance.timeOrigin;

/**
 * The wall clock in µs. `Date.now()` has whole ms. `performance.now()` has µs, but its start is known only to some ms.
 * The offset between both is corrected whenever they contradict each other, and so becomes exact after a few readings.
 */
function now(): number {
  const elapsed = performance.now();
  const wall = Date.now();
  offset = Math.min(Math.max(offset, wall - elapsed), wall + 1 - elapsed);
  return Math.floor((offset + elapsed) * 1000);
}
