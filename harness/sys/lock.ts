import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '../model/error-code.ts';
import { printable } from '../model/printable.ts';
import { childEnvironment } from './environment.ts';
import { closeFile } from './files/read.ts';
import { UnfitFile } from './files/unfit-file.ts';
import { openAppend, removeFile, writeWhole } from './files/write.ts';
import { makeStateFolder, readState } from './state-file.ts';

/** Another process holds the lock. The message names it. */
export class LockedError extends CodedError {
  override name = 'LockedError';
  readonly code = 'locked';
}

const folderName = 'locks';
const heldElsewhere = 75;
const longestCommand = 500;
const maxHolderBytes = 4096;

const holderSchema = z.strictObject({
  pid: z.int().min(2),
  command: z.string(),
  since: z.string().max(50),
});
type LockHolder = z.infer<typeof holderSchema>;

/**
 * Does `work` while holding the lock of this name in the state folder. Throws `LockedError` with the holder if it is
 * taken.
 */
export async function withLock<T>(name: string, command: string, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(name, command);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Takes the lock. Returns the function that releases it. `flock` locks a file that we hold open, and then exits. The
 * lock belongs to the open file, so the kernel releases it when our process ends for any reason. Node closes the file
 * in each program that it starts.
 */
async function takeLock(name: string, command: string): Promise<() => void> {
  const folder = makeStateFolder(folderName);
  const holderFile = `${name}.json`;
  const fd = openAppend(folder, `${name}.lock`);
  try {
    await flock(fd, name);
    const holder: LockHolder = {
      pid: process.pid,
      command: command.slice(0, longestCommand),
      since: new Date().toISOString(),
    };
    writeWhole(folder, holderFile, JSON.stringify(holder));
  } catch (error) {
    closeFile({ fd });
    throw error;
  }
  return () => {
    try {
      removeFile(folder, holderFile);
    } catch (error) {
      // A folder with this name is not removed. The lock itself does not depend on this file.
      if (!(error instanceof UnfitFile)) throw error;
    } finally {
      closeFile({ fd });
    }
  };
}

async function flock(fd: number, name: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly code: number | null;
    readonly output: string;
  }>();
  const options = ['--exclusive', '--nonblock', '--conflict-exit-code', String(heldElsewhere), '3'];
  const child = spawn('flock', options, { env: childEnvironment(), stdio: ['ignore', 'ignore', 'pipe', fd] });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.on('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'ENOENT' ? new Error('the program flock is missing. Install the package util-linux') : error),
  );
  child.on('close', (code) => resolve({ code, output }));
  const ended = await promise;
  if (ended.code === 0) return;
  if (ended.code === heldElsewhere) throw new LockedError(inUse(name));
  throw new Error(
    `${join(folderName, name)} cannot be locked: ${printable(ended.output) || `flock ended with ${ended.code}`}`,
  );
}

function inUse(name: string): string {
  const holder = holderOf(name);
  if (!holder) return `${name} is in use by another process. Try again in a moment`;
  const { pid, since, command } = holder;
  return `${name} is in use by process ${pid} since ${printable(since)}: ${printable(command)}\nWait for it or stop it: kill ${pid}`;
}

/** The holder of the lock according to its file, if that process runs. A killed process leaves its file behind. */
function holderOf(name: string): LockHolder | undefined {
  try {
    const holder = readState(join(folderName, `${name}.json`), holderSchema, { maxBytes: maxHolderBytes });
    if (holder) process.kill(holder.pid, 0);
    return holder;
  } catch {
    return undefined;
  }
}
