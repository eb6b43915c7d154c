import type { NodeClock } from '../../model/node-clock.ts';
import { printableJson } from '../../model/printable.ts';
import type { Micros, Ms } from '../../model/units.ts';
import { now } from '../../sys/clock.ts';
import { readKernelFile } from '../../sys/files/system.ts';
import type { Lab } from '../lab/lab.ts';

const bootId = '/proc/sys/kernel/random/boot_id';
const limitMs: Ms = 10_000;
/** The clock is read this many times, and the reading with the shortest round trip is used. */
const tries = 5;

/** The clocks of the nodes, compared with the clock of the harness. */
export interface NodeClocks {
  /**
   * Reads the clocks again. A clock that was slewed in the meantime was between both readings. Nodes that did not
   * answer the first time are left out. If a node does not answer now, its first reading is used. Rejects if the signal
   * aborts.
   */
  measured(signal: AbortSignal): Promise<readonly NodeClock[]>;
}

/**
 * Reads the clocks of all nodes. Nodes that run on the kernel of the host have its clock. Rejects if the signal aborts.
 */
export async function observeNodeClocks(
  lab: Pick<Lab, 'info' | 'onNode'>,
  signal: AbortSignal,
  host = readKernelFile(bootId),
): Promise<NodeClocks> {
  const own = (await host).trim();
  const read = async (node: string): Promise<NodeClock | undefined> => {
    try {
      const { stdout } = await lab.onNode(node, ['cat', bootId], { signal, timeoutMs: limitMs });
      if (stdout.trim() === own) return { node, offsetMicros: 0, errorMicros: 0 };
      return await bracketed(lab, node, signal);
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
  const first = (await Promise.all(lab.info.nodes.map(({ name }) => read(name)))).filter((each) => each !== undefined);
  return {
    async measured(later) {
      const isShared = ({ errorMicros }: NodeClock) => errorMicros === 0;
      return Promise.all(
        first.map(async (clock) => {
          if (isShared(clock)) return clock;
          const again = await bracketed(lab, clock.node, later).catch(() => undefined);
          later.throwIfAborted();
          return again ? overBoth(clock, again) : clock;
        }),
      );
    },
  };
}

/** Reads the clock of a node between two readings of our own. */
async function bracketed({ onNode }: Pick<Lab, 'onNode'>, node: string, signal: AbortSignal): Promise<NodeClock> {
  const readings: NodeClock[] = [];
  for (let time = 0; time < tries; time++) {
    const before = now();
    const { stdout } = await onNode(node, ['date', '+%s%N'], { signal, timeoutMs: limitMs });
    const after = now();
    const read: Micros = Math.round(Number(stdout.trim()) / 1000);
    if (!Number.isSafeInteger(read) || read <= 0)
      throw new Error(`${node} printed ${printableJson(stdout.slice(0, 40))} instead of its time`);
    // The clock of another kernel is never known exactly.
    const errorMicros = Math.max(1, Math.ceil((after - before) / 2));
    readings.push({ node, offsetMicros: read - Math.round((before + after) / 2), errorMicros });
  }
  return readings.reduce((best, each) => (each.errorMicros < best.errorMicros ? each : best));
}

/** The range that covers both readings. */
function overBoth(one: NodeClock, other: NodeClock): NodeClock {
  const from = Math.min(one.offsetMicros - one.errorMicros, other.offsetMicros - other.errorMicros);
  const to = Math.max(one.offsetMicros + one.errorMicros, other.offsetMicros + other.errorMicros);
  return { node: one.node, offsetMicros: Math.round((from + to) / 2), errorMicros: Math.ceil((to - from) / 2) };
}
