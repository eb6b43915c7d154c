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
export async function favourContainers({ own, cgroupVersion }: Pick<Engine, 'own' | 'cgroupVersion'>): Promise<void> {
  if (!own) return;
  const { file, value } = processorShare(cgroupVersion);
  if (existsSync(file)) await writeKernelFile(file, String(value));
}

/** The file that sets the share of all containers of a private engine, and its value. */
export const processorShare = (version: Engine['cgroupVersion']) =>
  version === '1'
    ? ({ file: '/sys/fs/cgroup/cpu/docker/cpu.shares', value: shares } as const)
    : ({ file: '/sys/fs/cgroup/docker/cpu.weight', value: weight } as const);
