import { go } from './go.ts';
import { cgroups, inotify, kernel, sysResource } from './kernel.ts';
import type { DoctorLine } from './line.ts';
import { cores, disk, memory, openFiles, ports } from './resources.ts';
import { engine, git, node, rootfsBuilder } from './software.ts';

export type { DoctorLine } from './line.ts';
export { renderDoctor } from './render.ts';

const probes: readonly (() => Promise<DoctorLine | DoctorLine[]>)[] = [
  engine,
  go,
  node,
  git,
  rootfsBuilder,
  kernel,
  cgroups,
  sysResource,
  inotify,
  openFiles,
  disk,
  memory,
  cores,
  ports,
];

/**
 * Checks what this machine has and what a lab needs. Changes nothing. A probe that fails is a missing line with its
 * error.
 */
export async function doctor(): Promise<DoctorLine[]> {
  const found = await Promise.all(
    probes.map((probe) =>
      probe().catch(
        (error: Error): DoctorLine => ({
          name: probe.name,
          state: 'missing',
          detail: `could not be checked: ${error.message}`,
        }),
      ),
    ),
  );
  return found.flat();
}
