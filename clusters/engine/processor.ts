import { existsSync } from 'node:fs';
import { writeKernelFile } from '../../harness/sys/files/system.ts';
import type { Engine } from './engine.ts';

/**
 * Twenty times the default of 1024, so that the lab gets almost all the CPU it needs beside a compiler on the same
 * cores.
 */
const shares = 20_480;
/** cgroup v2 counts weights, default 100. */
const weight = 2_000;

/**
 * Sets the CPU weight of the containers of a private engine. All of them together count as one program beside those of
 * the host, and a generator that waits for the CPU sends late. Ends with the cgroup of the engine.
 */
export async function favourContainers(engine: Pick<Engine, 'own' | 'cgroupVersion'>): Promise<void> {
  if (!engine.own) return;
  const [file, value] =
    engine.cgroupVersion === '1'
      ? (['/sys/fs/cgroup/cpu/docker/cpu.shares', shares] as const)
      : (['/sys/fs/cgroup/docker/cpu.weight', weight] as const);
  if (existsSync(file)) await writeKernelFile(file, String(value));
}
