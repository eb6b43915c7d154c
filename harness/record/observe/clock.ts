import { basename, dirname } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import type { ClockSample } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';
import { monotonic, now } from '../../sys/clock.ts';
import { readKernelFile } from '../../sys/files/system.ts';
import { createStream } from '../../sys/files/write.ts';

/** Jiffies of the first line of /proc/stat: user nice system idle iowait irq softirq steal (proc(5)). */
async function cpuTimes(): Promise<{ total: number; idle: number; steal: number }> {
  const [line = ''] = (await readKernelFile('/proc/stat')).split('\n', 1);
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return {
    total: times.reduce((sum, time) => sum + time, 0),
    idle: (times[3] ?? 0) + (times[4] ?? 0),
    steal: times[7] ?? 0,
  };
}

const closeEnoughMicros = 200;

/** Both clocks at one moment. A process that lost its processor between two readings reads again. */
function bothClocks(): { readonly at: Micros; readonly mono: Micros } {
  for (let tries = 1; ; tries++) {
    const before = monotonic();
    const at = now();
    const after = monotonic();
    if (after - before <= closeEnoughMicros || tries === 10) return { at, mono: Math.round((before + after) / 2) };
  }
}

/**
 * Samples the clocks, the event loop and the host's CPUs every second until stopped, into a new file of a folder of ours.
 * Samples that the disk does not take are missing, which the judge sees.
 */
export async function observeClock(path: string) {
  const file = createStream(dirname(path), basename(path));
  let full = false;
  file.on('error', () => {
    full = true;
  });
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  let before = await cpuTimes();
  const sample = async () => {
    const { at, mono } = bothClocks();
    const after = await cpuTimes();
    const span = Math.max(1, after.total - before.total);
    const line: ClockSample = {
      at,
      monotonic: mono,
      loopDelayMs: Math.round(loop.max / 1e4) / 100,
      busy: Math.round((1 - (after.idle - before.idle) / span) * 1000) / 1000,
      steal: Math.round(((after.steal - before.steal) / span) * 1000) / 1000,
    };
    loop.reset();
    before = after;
    if (!full && !file.writableEnded) file.write(`${JSON.stringify(line)}\n`);
  };
  await sample();
  const timer = setInterval(() => void sample().catch(() => undefined), 1000);
  return {
    /** Twice is the same as once. */
    async stop() {
      clearInterval(timer);
      loop.disable();
      if (full) return;
      if (!file.writableEnded) file.end();
      await finished(file).catch(() => undefined);
    },
  };
}
