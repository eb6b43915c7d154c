import { labBuild } from '../../clusters/node-image/build.ts';
import { exportLab } from '../../clusters/transfer/export.ts';
import { importLab } from '../../clusters/transfer/import.ts';
import { withLock } from '../sys/lock.ts';
import { interruptSignal } from './common/interrupt.ts';
import type { LabChoices } from './common/options.ts';
import { terminalProgress } from './common/progress.ts';

export async function build(choices: LabChoices): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', 'holdfast lab build', () => labBuild({ ...choices, progress, signal }));
}

export async function exportTo(file: string): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', `holdfast lab export ${file}`, () => exportLab(file, { progress, signal }));
}

export async function importFrom(file: string): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', `holdfast lab import ${file}`, () => importLab(file, { progress, signal }));
}
