import { basename, dirname } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import type { ClockSample, CpuUsers } from '../../model/event.ts';
import type { Micros, Ms } from '../../model/units.ts';
import { monotonic, now } from '../../sys/clock.ts';
import { readKernelFile } from '../../sys/files/system.ts';
import { createStream } from '../../sys/files/write.ts';
import { PodCpu, type PodCpuTimes } from './pod-cpu.ts';

export interface Strain {
  /** The mean share of the CPU time, 0 to 1, that was stolen. */
  readonly stolen: number;
  /** The longest time for which this process waited for its processor. */
  readonly heldMs: Ms;
}

interface CpuTimes {
  /** Of all processors together, in jiffies. */
  readonly total: number;
  readonly idle: number;
  readonly steal: number;
  /** Of this process, in microseconds. */
  readonly own: number;
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal (proc(5)). */
async function cpuTimes(): Promise<CpuTimes> {
  const [line = ''] = (await readKernelFile('/proc/stat')).split('\n', 1);
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return {
    total: times.reduce((sum, time) => sum + time, 0),
    idle: (times[3] ?? 0) + (times[4] ?? 0),
    steal: times[7] ?? 0,
    own: process.cpuUsage().user + process.cpuUsage().system,
  };
}

/** What Linux tells programs is always in hundredths of a second (USER_HZ). */
const jiffy: Micros = 10_000;
/** Who uses less of the CPU time is left out. */
const leastShare = 0.001;

const rounded = (share: number): number => Math.round(share * 1000) / 1000;

/** A share of the CPU time between two readings. */
const shareOf = (time: Micros, before: number, after: number): number =>
  rounded(time / (Math.max(1, after - before) * jiffy));

/**
 * Which pods used the processors between two readings. Their times are in hundreds of files, which took 5 s on a busy
 * machine: nothing waits for them, and no reading begins before the last has ended.
 */
class PodShares {
  readonly #podCpu: Pick<PodCpu, 'read'>;
  #before: { readonly total: number; readonly times: PodCpuTimes | undefined } | undefined;
  #isReading = false;
  #latest: CpuUsers['pods'];

  constructor(podCpu: Pick<PodCpu, 'read'>) {
    this.#podCpu = podCpu;
  }

  /** Reads, unless it does already. */
  async read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const [before, times] = [this.#before, await this.#podCpu.read()];
      const { total } = await cpuTimes();
      this.#before = { total, times };
      if (!before?.times || !times) return;
      const shares = [...times].map(
        ([uid, time]) => [uid, shareOf(time - (before.times?.get(uid) ?? time), before.total, total)] as const,
      );
      this.#latest = Object.fromEntries(shares.filter(([, share]) => share >= leastShare));
    } finally {
      this.#isReading = false;
    }
  }

  /** By the last two readings; undefined if none has ended since this was last asked. */
  take(): CpuUsers['pods'] {
    const latest = this.#latest;
    this.#latest = undefined;
    return latest;
  }
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
 * Samples the clocks, the event loop, the host's CPUs and who uses them every second until stopped, into a new file of a folder of ours.
 * Samples that the disk does not take are missing, which the judge sees.
 */
export async function observeClock(path: string, podCpu: Pick<PodCpu, 'read'> = new PodCpu()) {
  const file = createStream(dirname(path), basename(path));
  let full = false;
  file.on('error', () => {
    full = true;
  });
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  let before = await cpuTimes();
  const podShares = new PodShares(podCpu);
  await podShares.read();
  let stolen = { sum: 0, samples: 0 };
  let heldMs: Ms = 0;
  /** Of the time since the last sample, what was told of it already. */
  let toldMs: Ms = 0;
  const sample = async () => {
    const { at, mono } = bothClocks();
    const after = await cpuTimes();
    void podShares.read().catch(() => undefined);
    const pods = podShares.take();
    const span = Math.max(1, after.total - before.total);
    const steal = rounded((after.steal - before.steal) / span);
    const line: ClockSample = {
      at,
      monotonic: mono,
      loopDelayMs: Math.round(Math.max(toldMs, loop.max / 1e6) * 100) / 100,
      busy: rounded(1 - (after.idle - before.idle) / span),
      steal,
      // What of pods was read by now is of the second before.
      cpu: { holdfast: shareOf(after.own - before.own, before.total, after.total), ...(pods && { pods }) },
    };
    stolen = { sum: stolen.sum + steal, samples: stolen.samples + 1 };
    heldMs = Math.max(heldMs, loop.max / 1e6);
    toldMs = 0;
    loop.reset();
    before = after;
    if (!full && !file.writableEnded) file.write(`${JSON.stringify(line)}\n`);
  };
  await sample();
  let sampling = false;
  const next = async () => {
    // One that takes longer than a second would end after the next, whose times it would be held against.
    if (sampling) return;
    sampling = true;
    await sample().catch(() => undefined);
    sampling = false;
  };
  const timer = setInterval(() => void next(), 1000);
  return {
    /** How the machine was strained since the last time this was asked. */
    strain(): Strain {
      const { sum, samples } = stolen;
      const strain = { stolen: samples === 0 ? 0 : sum / samples, heldMs: Math.max(heldMs, loop.max / 1e6) };
      stolen = { sum: 0, samples: 0 };
      heldMs = 0;
      toldMs = Math.max(toldMs, loop.max / 1e6);
      loop.reset();
      return strain;
    },
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
