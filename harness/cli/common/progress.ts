import { join } from 'node:path';
import type { Progress } from '../../model/progress.ts';
import { stateDir } from '../../sys/paths.ts';
import { standardError } from '../../sys/terminal.ts';

/** Progress on stderr: live in a terminal, plain lines elsewhere. */
export async function terminalProgress(): Promise<Progress> {
  const { createProgress } = await import('../../../reports/terminal/progress.ts');
  return createProgress({ output: standardError, durations: join(stateDir(), 'durations.json') });
}
