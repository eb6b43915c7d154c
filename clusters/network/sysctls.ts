import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateDir } from '../../harness/sys/paths.ts';
import type { Host } from './host.ts';

/** What several nodes on one kernel need; Linux' default of 128 instances is used up by three kubelets. */
export const neededSysctls = {
  'fs.inotify.max_user_instances': 512,
  'fs.inotify.max_user_watches': 65_536,
} as const;

interface Change {
  readonly before: number;
  readonly set: number;
}
type Changes = Record<string, Change>;

const fileOf = (name: string) => `/proc/sys/${name.replaceAll('.', '/')}`;
const recordFile = () => join(stateDir(), 'sysctls.json');

export const readSysctl = async (name: string): Promise<number> => Number(await readFile(fileOf(name), 'utf8'));

async function recordedChanges(): Promise<Changes> {
  const text = await readFile(recordFile(), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Changes;
}

/** Raises what is too low. The prior value is on disk before anything changes. */
export async function ensureSysctls(host: Host): Promise<void> {
  const changes = await recordedChanges();
  for (const [name, needed] of Object.entries(neededSysctls)) {
    const before = await readSysctl(name);
    if (before >= needed) continue;
    changes[name] = { before: changes[name]?.before ?? before, set: needed };
    await mkdir(dirname(recordFile()), { recursive: true });
    await writeFile(recordFile(), JSON.stringify(changes));
    await host.run('tee', [fileOf(name)], String(needed));
  }
}

/** Puts prior values back, except where somebody else has changed them since. */
export async function restoreSysctls(host: Host): Promise<void> {
  for (const [name, { before, set }] of Object.entries(await recordedChanges())) {
    if ((await readSysctl(name)) === set) await host.run('tee', [fileOf(name)], String(before));
  }
  await rm(recordFile(), { force: true });
}
