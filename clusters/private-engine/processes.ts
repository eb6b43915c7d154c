import { readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readKernelFile } from '../../harness/sys/files/system.ts';

export interface RunningProcess {
  readonly pid: number;
  /** The name of the program file, and not the name that the process gives itself. */
  readonly program: string;
  readonly args: readonly string[];
}

/** The arguments in a /proc/PID/cmdline; none for a kernel thread or a zombie. */
export const parseArguments = (cmdline: string): string[] => cmdline.replace(/\0$/, '').split('\0').slice(1);

/** Whether all four user ids in a /proc/PID/status are this one. The owner of /proc/PID may be root for any process. */
export const runsAs = (uid: number, status: string): boolean =>
  new RegExp(`^Uid:${`\\t${uid}`.repeat(4)}$`, 'm').test(status);

/** The name of a program, also if its file was replaced, for example by an upgrade. */
const programOf = (executable: string): string => basename(executable.replace(/ \(deleted\)$/, ''));

/**
 * Processes of our own user with `path`, or a path below it, as an argument. Processes of other users do not count,
 * because any user can start one with such an argument.
 */
export async function processesNaming(path: string): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const running = await Promise.all(pids.map((pid) => ownProcess(Number(pid)).catch(() => undefined)));
  const names = (arg: string) => arg === path || arg.startsWith(`${path}/`);
  return running.filter((process) => process !== undefined).filter(({ args }) => args.some(names));
}

/** Rejects if the process has ended, or if its program is hidden from us. */
async function ownProcess(pid: number): Promise<RunningProcess | undefined> {
  if (!runsAs(process.geteuid?.() ?? -1, await readKernelFile(`/proc/${pid}/status`))) return undefined;
  const args = parseArguments(await readKernelFile(`/proc/${pid}/cmdline`));
  return args.length === 0 ? undefined : { pid, program: programOf(await readlink(`/proc/${pid}/exe`)), args };
}

/** Sends SIGTERM to the processes that `find` returns, waits, and kills those that remain. Throws if any survives. */
export async function endProcesses(find: () => Promise<RunningProcess[]>, graceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    for (const { pid } of await find()) sendSignal(pid, signal);
    const deadline = Date.now() + waitMs;
    while ((await find()).length > 0 && Date.now() < deadline) await sleep(100);
  }
  const [survivor] = await find();
  if (survivor) throw new Error(`${survivor.program} (pid ${survivor.pid}) does not exit; it is blocked in the kernel`);
}

function sendSignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
