import { z } from 'zod';
import { readKernelFile } from '../../harness/sys/files/system.ts';
import { removeFile } from '../../harness/sys/files/write.ts';
import { stateDir } from '../../harness/sys/paths.ts';
import { readState, statePath, writeState } from '../../harness/sys/state-file.ts';
import type { Host } from './host.ts';

/**
 * The sysctls that several nodes on one kernel need. Three kubelets use up the 128 inotify instances that Linux allows
 * by default.
 */
export const neededSysctls = {
  'fs.inotify.max_user_instances': 512,
  'fs.inotify.max_user_watches': 65_536,
} as const;

type Name = keyof typeof neededSysctls;
const names = Object.keys(neededSysctls) as Name[];

const value = z.int().min(0).max(0x7fff_ffff);
const changesSchema = z.partialRecord(z.enum(names), z.strictObject({ before: value, set: value }));

const fileOf = (name: Name) => `/proc/sys/${name.replaceAll('.', '/')}` as const;
const recordFile = 'sysctls.json';

export const readSysctl = async (name: Name): Promise<number> => Number(await readKernelFile(fileOf(name)));

/** The recorded changes of the sysctls of the host. Throws if the record is damaged. */
export function recordedChanges(): z.infer<typeof changesSchema> {
  try {
    return readState(recordFile, changesSchema) ?? {};
  } catch (error) {
    throw new Error(
      `The record of the host's settings is damaged (${statePath(recordFile)}: ${(error as Error).message}). ` +
        `No setting was restored. Remove the file. The Linux defaults are smaller than the current values of: ${names.join(', ')}.`,
      { cause: error },
    );
  }
}

/** Raises values that are too low. The previous values are written to disk first. */
export async function ensureSysctls(host: Host): Promise<void> {
  const changes = recordedChanges();
  for (const name of names) {
    const before = await readSysctl(name);
    const needed = neededSysctls[name];
    if (before >= needed) continue;
    changes[name] = { before: changes[name]?.before ?? before, set: needed };
    writeState(recordFile, changes);
    await host.run('tee', [fileOf(name)], String(needed));
  }
}

/** Restores previous values, except those that were changed by someone else since. */
export async function restoreSysctls(host: Host): Promise<void> {
  const changes = recordedChanges();
  for (const name of names) {
    const change = changes[name];
    if (change && (await readSysctl(name)) === change.set) await host.run('tee', [fileOf(name)], String(change.before));
  }
  removeFile(stateDir(), recordFile);
}
