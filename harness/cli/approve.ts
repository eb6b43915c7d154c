import { createInterface } from 'node:readline/promises';
import { UsageError } from '../model/usage-error.ts';

/** Throws unless the user agreed beforehand, or does so now; without a terminal nobody can be asked. */
export async function approve(
  question: string,
  { yes, signal }: { readonly yes: boolean; readonly signal: AbortSignal },
) {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageError('nothing was done: there is no terminal to ask on. If that is what you want, add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal }), closed]);
    if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('nothing was done');
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}
