import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Progress } from '../../model/progress.ts';
import { failpointVariable } from '../../record/undo/failpoint.ts';
import { openActions } from '../../record/undo/journal.ts';
import { sleep } from '../../sys/clock.ts';
import { startDetached } from '../../sys/exec.ts';
import { appendWhole } from '../../sys/files/append.ts';
import { closeFile, readText } from '../../sys/files/read.ts';
import { openAppend } from '../../sys/files/write.ts';
import { LockedError, withLock } from '../../sys/lock.ts';
import { ownModule } from '../../sys/paths.ts';
import { explain } from '../common/failure.ts';
import type { Healable } from './healable.ts';

/** The message of a run that has undone all its changes itself. */
const goodbyeMessage = 'done';
/** A failpoint that kills a run must not kill its watchdog. */
const disarmed = { [failpointVariable]: '' };

/** A line of the watchdog's log, as JSON. `step` and `note` are what the undo reports. */
const logLine = z.object({
  at: z.iso.datetime(),
  event: z.enum(['crashed', 'step', 'note', 'healed', 'failed']),
  text: z.string(),
});
type LogLine = z.infer<typeof logLine>;
type Tell = (event: LogLine['event'], text: string) => void;

const limitMs = 300_000;
const lockedRetryMs = 500;

/** Starts the watchdog of a run in its own process group, so that a signal that kills the run does not kill it. */
export function startWatchdog({ flags }: Healable): { readonly dismiss: () => Promise<void> } {
  const main = fileURLToPath(ownModule('harness/cli/main'));
  const { sendLast } = startDetached(process.execPath, [main, 'watchdog', ...flags], disarmed);
  return { dismiss: () => sendLast(goodbyeMessage) };
}

/**
 * Waits until the run ends, and undoes its changes if it crashed. The lock ensures that only one process heals at a
 * time.
 */
export async function watchOver(healable: Healable, run: Readable): Promise<void> {
  // Ctrl-C is meant for the run, which undoes its changes itself.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
  if ((await text(run)).startsWith(goodbyeMessage)) return;
  if (openActions(healable.journal).length === 0) return;
  const tell: Tell = (event, text) => appendLine(healable.watchdogLog, { at: new Date().toISOString(), event, text });
  const signal = AbortSignal.timeout(limitMs);
  tell('crashed', 'the run crashed; undoing its changes');
  try {
    await whenUnlocked(healable.lock, signal, () => healable.heal({ progress: progressIn(tell), signal }));
    tell('healed', 'all changes were undone, and the cluster is verified');
  } catch (error) {
    tell('failed', explain(error));
    throw error;
  }
}

/** An error while writing the log must not stop the undo. */
function appendLine(path: string, line: LogLine): void {
  try {
    const log = openAppend(dirname(path), basename(path));
    try {
      appendWhole(log, `${JSON.stringify(line)}\n`);
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
  const last = parseLine(readLog(watchdogLog).trimEnd().split('\n').at(-1) ?? '');
  const recent = last && new Date(last.at) >= since ? last : undefined;
  if (recent?.event === 'healed') return { done: true as const };
  return { waitingFor: `the watchdog. Its last line: ${recent?.text ?? 'nothing'}` };
}

/** Undefined for a line of an older holdfast, whose log was text. */
function parseLine(line: string): LogLine | undefined {
  try {
    return logLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
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

const progressIn = (tell: Tell): Progress => ({
  plan() {},
  now() {},
  note: (text) => tell('note', text),
  async step(title, work) {
    const result = await work();
    tell('step', title);
    return result;
  },
});
