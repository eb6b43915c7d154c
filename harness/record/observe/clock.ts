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
  /** The mean share of the CPU time that was stolen, 0 to 1. */
  readonly stolen: number;
  /** The longest time for which the event loop of this process was delayed. */
  readonly heldMs: Ms;
}

interface CpuTimes {
  /** The sum over all processors, in jiffies. */
  readonly total: number;
  readonly idle: number;
  readonly steal: number;
  /** The CPU time of this process, in microseconds. */
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

/** Linux reports CPU times to programs in hundredths of a second (USER_HZ). */
const jiffy: Micros = 10_000;
/** Pods with a smaller share of the CPU time are left out. */
const leastShare = 0.001;

const rounded = (share: number): number => Math.round(share * 1000) / 1000;

/** The share of the CPU time between two readings, 0 to 1. */
const shareOf = (time: Micros, before: number, after: number): number =>
  rounded(time / (Math.max(1, after - before) * jiffy));

/**
 * The shares of the CPU time that pods used between two readings. The times are in hundreds of files, and reading them
 * took 5 s on a busy machine. So nothing waits for a reading, and a reading starts only after the previous one has
 * ended.
 */
class PodShares {
  readonly #podCpu: Pick<PodCpu, 'read'>;
  #before: { readonly total: number; readonly times: PodCpuTimes | undefined } | undefined;
  #isReading = false;
  #latest: CpuUsers['pods'];

  constructor(podCpu: Pick<PodCpu, 'read'>) {
    this.#podCpu = podCpu;
  }

  /** Reads the times, unless a reading is in progress. */
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

  /** The shares from the last two readings; undefined if no reading has ended since the last call. */
  take(): CpuUsers['pods'] {
    const latest = this.#latest;
    this.#latest = undefined;
    return latest;
  }
}

const closeEnoughMicros = 200;

/** Reads both clocks at the same moment. It reads again if the process was interrupted between the readings. */
function bothClocks(): { readonly at: Micros; readonly mono: Micros } {
  for (let tries = 1; ; tries++) {
    const before = monotonic();
    const at = now();
    const after = monotonic();
    if (after - before <= closeEnoughMicros || tries === 10) return { at, mono: Math.round((before + after) / 2) };
  }
}

/**
 * Writes a sample of the clocks, the event loop, the CPUs of the host and their users to a new file, every second until
 * `stop`. If the disk refuses a sample, it is missing, and the judge detects that.
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
  /** The longest delay since the last sample that `strain` returned already. */
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
      // The shares of the pods are from the second before.
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
    // A sample that takes longer than a second would overlap with the next one.
    if (sampling) return;
    sampling = true;
    await sample().catch(() => undefined);
    sampling = false;
  };
  const timer = setInterval(() => void next(), 1000);
  return {
    /** The load of the machine since the last call. */
    strain(): Strain {
      const { sum, samples } = stolen;
      const strain = { stolen: samples === 0 ? 0 : sum / samples, heldMs: Math.max(heldMs, loop.max / 1e6) };
      stolen = { sum: 0, samples: 0 };
      heldMs = 0;
      toldMs = Math.max(toldMs, loop.max / 1e6);
      loop.reset();
      return strain;
    },
    /** A second call has no effect. */
    async stop() {
      clearInterval(timer);
      loop.disable();
      if (full) return;
      if (!file.writableEnded) file.end();
      await finished(file).catch(() => undefined);
    },
  };
}
