import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { childEnvironment } from '../../harness/sys/environment.ts';
import { systemPath } from '../docker/docker.ts';

/** In bytes. A header may demand more memory than the machine has. */
const tarMemory = 256 * 1024 * 1024;
const keptWords = 8 * 1024;

/** A running tar. Its output is a stream, because an archive may be larger than the memory. */
export interface Tar {
  readonly stdin: ChildProcessWithoutNullStreams['stdin'];
  readonly stdout: ChildProcessWithoutNullStreams['stdout'];
  /** The result. An undefined exit code means that it was killed. Rejects if tar is not installed. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly words: string }>;
  kill(): void;
}

export function startTar(args: readonly string[]): Tar {
  // Its messages are parsed, so they must be in English.
  const env = { ...childEnvironment(), PATH: systemPath, LC_ALL: 'C' };
  const child = spawn('prlimit', [`--as=${tarMemory}`, 'tar', ...args], { env });
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (words.length < keptWords) words += text.slice(0, keptWords);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<Tar['ended']>>();
  child.once('error', (error) => reject(new Error(`tar cannot be started: ${error.message}`, { cause: error })));
  child.once('close', (exitCode) => resolve({ exitCode: exitCode ?? undefined, words: words.trim() }));
  const kill = () => {
    child.kill('SIGKILL');
    // The process does not end while there is unread output.
    child.stdout.destroy();
  };
  return { stdin: child.stdin, stdout: child.stdout, ended: promise, kill };
}

export interface ReadOptions {
  /** At most this much is unpacked. */
  readonly maxBytes: number;
  /** The message for an archive that unpacks to more. */
  readonly tooLarge: string;
  /** Stops reading after each member was found once. */
  readonly firstOnly?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The bytes of the members ended too early. */
export class EndsEarly extends Error {
  override name = 'EndsEarly';
}

/**
 * Passes on the bytes of regular files among the named members of an archive, one after another in the order of the
 * archive. tar itself writes nothing to disk: links, devices, pipes, modes and owners have no effect. Throws with the
 * problem of the archive, or the error of `take`.
 */
export async function readMembers<T>(
  archive: Readable,
  names: readonly string[],
  options: ReadOptions,
  take: (bytes: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  const { signal, firstOnly = false } = options;
  const tar = startTar([
    '--extract',
    '--to-stdout',
    '--no-recursion',
    ...(firstOnly ? ['--occurrence=1'] : []),
    '--',
    ...names,
  ]);
  const feeding = pipeline(archive, createZstdDecompress(), upTo(options), tar.stdin, signal ? { signal } : {});
  const taking = take(tar.stdout).catch((error) => {
    tar.kill();
    throw error;
  });
  const [fed, taken, ended] = await Promise.allSettled([feeding, taking, tar.ended]);
  signal?.throwIfAborted();
  if (ended.status === 'rejected') throw ended.reason;
  if (fed.status === 'rejected' && !hungUp(fed.reason)) throw unreadable(fed.reason);
  if (taken.status === 'rejected' && !(taken.reason instanceof EndsEarly)) throw taken.reason;
  complain(ended.value);
  if (taken.status === 'rejected') throw taken.reason;
  return taken.value;
}

/** The error of tar as a sentence. */
function complain({ exitCode, words }: Awaited<Tar['ended']>): void {
  if (exitCode === 0 || exitCode === undefined) return;
  const [, missing] = /^tar: (\S+): Not found in archive$/m.exec(words) ?? [];
  // Not every Node version reports a zstd stream that was cut off; tar does.
  if (/Unexpected EOF|not look like a tar archive/.test(words)) throw new Error(unfit);
  if (missing) throw new Error(`${missing} is missing from it`);
  throw new Error(`it cannot be unpacked: ${words}`);
}

const upTo = ({ maxBytes, tooLarge }: ReadOptions) =>
  async function* limited(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new TooLarge(tooLarge);
      yield chunk;
    }
  };

class TooLarge extends Error {
  override name = 'TooLarge';
}

export const unfit = 'it is truncated, damaged, or was not written by "holdfast lab export"';

/** tar may close its input at the end mark of the archive, before the padding, or when it was killed. */
const hungUp = ({ code = '' }: NodeJS.ErrnoException) =>
  ['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(code);

/** Any other error is a problem of the compression. */
const unreadable = (error: Error): Error => (error instanceof TooLarge ? error : new Error(unfit, { cause: error }));
