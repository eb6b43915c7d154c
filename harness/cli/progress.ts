import { join } from 'node:path';
import type { Progress } from '../model/progress.ts';
import { stateDir } from '../sys/paths.ts';

/** Progress on stderr: live in a terminal, plain lines elsewhere. */
export async function terminalProgress(): Promise<Progress> {
  const { createProgress } = await import('../../reports/terminal/progress.ts');
  return createProgress({ stream: process.stderr, durations: join(stateDir(), 'durations.json') });
}
