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
  readonly pods: PodCpuTimes | undefined;
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal (proc(5)). */
async function cpuTimes(podCpu: Pick<PodCpu, 'read'>): Promise<CpuTimes> {
  const [line = ''] = (await readKernelFile('/proc/stat')).split('\n', 1);
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return {
    total: times.reduce((sum, time) => sum + time, 0),
    idle: (times[3] ?? 0) + (times[4] ?? 0),
    steal: times[7] ?? 0,
    own: process.cpuUsage().user + process.cpuUsage().system,
    pods: await podCpu.read(),
  };
}

/** What Linux tells programs is always in hundredths of a second (USER_HZ). */
const jiffy: Micros = 10_000;
/** Who uses less of the CPU time is left out. */
const leastShare = 0.001;

const rounded = (share: number): number => Math.round(share * 1000) / 1000;

/** Who used the processors between two readings. */
function usersOf(before: CpuTimes, after: CpuTimes): CpuUsers {
  const span = Math.max(1, after.total - before.total) * jiffy;
  const holdfast = rounded((after.own - before.own) / span);
  if (!before.pods || !after.pods) return { holdfast };
  const pods = [...after.pods].flatMap(([uid, time]) => {
    const share = rounded((time - (before.pods?.get(uid) ?? time)) / span);
    return share >= leastShare ? [[uid, share] as const] : [];
  });
  return { holdfast, pods: Object.fromEntries(pods) };
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
  let before = await cpuTimes(podCpu);
  let stolen = { sum: 0, samples: 0 };
  let heldMs: Ms = 0;
  /** Of the time since the last sample, what was told of it already. */
  let toldMs: Ms = 0;
  const sample = async () => {
    const { at, mono } = bothClocks();
    const after = await cpuTimes(podCpu);
    const span = Math.max(1, after.total - before.total);
    const steal = rounded((after.steal - before.steal) / span);
    const line: ClockSample = {
      at,
      monotonic: mono,
      loopDelayMs: Math.round(Math.max(toldMs, loop.max / 1e6) * 100) / 100,
      busy: rounded(1 - (after.idle - before.idle) / span),
      steal,
      cpu: usersOf(before, after),
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
