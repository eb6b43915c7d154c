import { UsageError } from '../model/usage-error.ts';
import { ask, canAsk } from '../sys/terminal.ts';

/** Throws unless the user agreed with `--yes` or agrees now. Without a terminal it throws, because it cannot ask. */
export async function approve(
  question: string,
  { yes, signal }: { readonly yes: boolean; readonly signal: AbortSignal },
) {
  if (yes) return;
  if (!canAsk())
    throw new UsageError('nothing was done: there is no terminal to ask for confirmation. To confirm, add --yes');
  const answer = await ask(`${question} [y/N]`, signal);
  if (!/^y(es)?$/i.test(answer ?? '')) throw new UsageError('nothing was done');
}
