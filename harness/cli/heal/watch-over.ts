import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../../model/progress.ts';
import { failpointVariable } from '../../record/undo/failpoint.ts';
import { openDeeds } from '../../record/undo/journal.ts';
import { sleep } from '../../sys/clock.ts';
import { startApart } from '../../sys/exec.ts';
import { appendWhole } from '../../sys/files/append.ts';
import { closeFile, readText } from '../../sys/files/read.ts';
import { openAppend } from '../../sys/files/write.ts';
import { LockedError, withLock } from '../../sys/lock.ts';
import { ownModule } from '../../sys/paths.ts';
import { explain } from '../failure.ts';
import type { Healable } from './healable.ts';

/** The message of a run that has undone all its changes itself. */
const goodbyeMessage = 'done';
/** A failpoint that kills a run must not kill its watchdog. */
const disarmed = { [failpointVariable]: '' };
const healedWords = 'all changes were undone, and the cluster is verified';
const limitMs = 300_000;
const lockedRetryMs = 500;

/** Starts the watchdog of a run in its own process group, so that a signal that kills the run does not kill it. */
export function startWatchdog({ flags }: Healable): { readonly dismiss: () => Promise<void> } {
  const main = fileURLToPath(ownModule('harness/cli/main'));
  const { say } = startApart(process.execPath, [main, 'watchdog', ...flags], disarmed);
  return { dismiss: () => say(goodbyeMessage) };
}

/**
 * Waits until the run ends, and undoes its changes if it crashed. The lock ensures that only one process heals at a
 * time.
 */
export async function watchOver(healable: Healable, run: Readable): Promise<void> {
  // Ctrl-C is meant for the run, which undoes its changes itself.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
  if ((await text(run)).startsWith(goodbyeMessage)) return;
  if (openDeeds(healable.journal).length === 0) return;
  const tell = (words: string) => appendLine(healable.watchdogLog, `${new Date().toISOString()} ${words}\n`);
  const signal = AbortSignal.timeout(limitMs);
  tell('the run crashed; undoing its changes');
  try {
    await whenUnlocked(healable.lock, signal, () => healable.heal({ progress: progressIn(tell), signal }));
    tell(healedWords);
  } catch (error) {
    tell(explain(error));
    throw error;
  }
}

/** An error while writing the log must not stop the undo. */
function appendLine(path: string, line: string): void {
  try {
    const log = openAppend(dirname(path), basename(path));
    try {
      appendWhole(log, line);
    } finally {
      closeFile({ fd: log });
    }
  } catch {
    // The error cannot be reported: a watchdog has no terminal.
  }
}

const maxLogBytes = 64 * 1024 ** 2;

/** The content of a watchdog's log; empty if it cannot be read. */
function readLog(path: string): string {
  try {
    return readText(dirname(path), basename(path), { maxBytes: maxLogBytes }) ?? '';
  } catch {
    return '';
  }
}

/** Whether a watchdog has undone all changes and verified the cluster since a moment, according to its log. */
export async function watchdogHealed({ watchdogLog }: Healable, since: Date) {
  const newest = readLog(watchdogLog).trimEnd().split('\n').at(-1) ?? '';
  const lastLine = new Date(newest.split(' ', 1)[0] ?? '') >= since ? newest : 'nothing';
  return lastLine.endsWith(healedWords)
    ? { done: true as const }
    : { waitingFor: `the watchdog. Its last line: ${lastLine}` };
}

async function whenUnlocked<T>(lock: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await withLock(lock, 'holdfast watchdog: undoing the changes of a crashed run', work);
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      await sleep(lockedRetryMs, signal);
    }
  }
}

const progressIn = (tell: (words: string) => void): Progress => ({
  plan() {},
  now() {},
  note: tell,
  async step(title, work) {
    const result = await work();
    tell(title);
    return result;
  },
});
