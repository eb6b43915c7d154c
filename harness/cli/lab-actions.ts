import { labBuild } from '../../clusters/tasks/build.ts';
import { exportLab } from '../../clusters/transfer/export.ts';
import { importLab } from '../../clusters/transfer/import.ts';
import { takeLock } from '../sys/lock.ts';
import { interruptSignal } from './interrupt.ts';
import type { LabChoices } from './options.ts';
import { terminalProgress } from './progress.ts';

export async function build(choices: LabChoices): Promise<void> {
  const signal = interruptSignal();
  await using _lock = await takeLock('lab', 'holdfast lab build');
  await labBuild({ ...choices, progress: await terminalProgress(), signal });
}

export async function exportTo(file: string): Promise<void> {
  const signal = interruptSignal();
  await using _lock = await takeLock('lab', `holdfast lab export ${file}`);
  await exportLab(file, { progress: await terminalProgress(), signal });
}

export async function importFrom(file: string): Promise<void> {
  const signal = interruptSignal();
  await using _lock = await takeLock('lab', `holdfast lab import ${file}`);
  await importLab(file, { progress: await terminalProgress(), signal });
}
