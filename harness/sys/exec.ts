import { ExecaError, execa } from 'execa';
import { lastLines, reason } from '../model/reason.ts';
import type { Ms } from '../model/units.ts';
import { sleep } from './clock.ts';
import { childEnvironment } from './environment.ts';
import { debug } from './terminal.ts';

export interface ExecOptions {
  /** Beside `childEnvironment()`. */
  readonly env?: { readonly [name: string]: string };
  readonly cwd?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: Ms;
  /** The output of the program goes to our own stdout and stderr. */
  readonly inherit?: boolean;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A program failed. The message has the command as one would type it, and the end of its output. */
export class ExecError extends Error {
  override name = 'ExecError';
  readonly exitCode: number | undefined;
  constructor(message: string, exitCode: number | undefined) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** By default execa adds our own environment, including secrets. */
const onlyWith = (env: ExecOptions['env'] = {}) => ({ env: { ...childEnvironment(), ...env }, extendEnv: false });

/** Runs a program with an argument array, never through a shell. Throws `ExecError` unless it exits with 0. */
export async function exec(file: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const started = performance.now();
  try {
    const result = await execa(file, args, {
      ...onlyWith(options.env),
      ...(options.cwd && { cwd: options.cwd }),
      ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
      ...(options.signal && { cancelSignal: options.signal }),
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
      ...(options.inherit && { stdout: 'inherit', stderr: 'inherit' }),
      forceKillAfterDelay: 5000,
      maxBuffer: 200_000_000,
    });
    return { stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? ''), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    options.signal?.throwIfAborted();
    const words = lastLines(String(error.stderr || error.stdout || ''));
    const why = error.timedOut ? `timed out after ${(options.timeoutMs ?? 0) / 1000} s` : error.shortMessage;
    throw new ExecError(words ? `${why}\n${words}` : why, error.exitCode);
  } finally {
    debug(() => `${file} ${args.join(' ')}: ${Math.round(performance.now() - started)} ms`);
  }
}

/** How a program ended. */
export interface Attempt {
  /** Undefined if a signal ended it. */
  readonly exitCode: number | undefined;
  readonly endedBy: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AttemptOptions {
  readonly signal: AbortSignal;
  readonly env?: { readonly [name: string]: string };
  /** Sends this signal when `on` aborts, and still waits for the end of the program. */
  readonly interrupt?: { readonly by: 'SIGINT' | 'SIGTERM'; readonly on: AbortSignal };
}

/**
 * Runs holdfast itself in a process group of its own, and resolves with how it ended. SIGINT goes to it when the signal
 * aborts. It gets our whole environment, as a person's shell would give it.
 */
export async function attempt(file: string, args: readonly string[], options: AttemptOptions): Promise<Attempt> {
  const { signal, env, interrupt } = options;
  const program = execa(file, args, {
    detached: true,
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
    killSignal: 'SIGINT',
    // It undoes all changes first.
    forceKillAfterDelay: 120_000,
    ...(env && { env }),
  });
  interrupt?.on.addEventListener('abort', () => program.kill(interrupt.by), { once: true });
  const { exitCode, signal: endedBy, stdout, stderr } = await program;
  signal.throwIfAborted();
  return { exitCode, endedBy, stdout: String(stdout ?? ''), stderr: String(stderr ?? '') };
}

export interface FollowOptions {
  /** Beside `childEnvironment()`. */
  readonly env?: { readonly [name: string]: string };
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
  /** Called when the program ended unexpectedly. It is started again. */
  readonly onEnd: (why: string) => void;
}

const startAgainMs = 500;

/** Runs a program until the signal aborts, and calls `onLine` for each line of its stdout. Never throws. */
export async function follow(file: string, args: readonly string[], options: FollowOptions): Promise<void> {
  const { signal, env, onLine, onEnd } = options;
  while (!signal.aborted) {
    const program = execa(file, args, {
      stdin: 'ignore',
      buffer: false,
      cancelSignal: signal,
      reject: false,
      forceKillAfterDelay: 1000,
      ...onlyWith(env),
    });
    try {
      for await (const line of program) onLine(line);
    } catch (error) {
      if (!signal.aborted) onEnd(reason(error));
    }
    if (signal.aborted) return;
    onEnd(`${file} ended`);
    await sleep(startAgainMs, signal).catch(() => undefined);
  }
}

/** A program that outlives this process. */
export interface DetachedProcess {
  /** Writes the text to its stdin and closes it. Resolves when the program has ended. */
  sendLast(text: string): Promise<void>;
}

/**
 * Starts holdfast itself in its own process group, with our whole environment, because a kubeconfig may name programs
 * that need it. Its stdin is a pipe that closes when this process ends for any reason. Its output is discarded.
 */
export function startDetached(
  file: string,
  args: readonly string[],
  env: { readonly [name: string]: string },
): DetachedProcess {
  const program = execa(file, args, {
    env,
    detached: true,
    cleanup: false,
    reject: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  // The program may have ended already, and then there is no reader.
  program.stdin.on('error', () => undefined);
  return {
    async sendLast(text) {
      program.stdin.end(text);
      await program;
    },
  };
}
