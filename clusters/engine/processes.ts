import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningProcess {
  readonly pid: number;
  readonly program: string;
  readonly args: readonly string[];
}

/** The program and arguments in a /proc/PID/cmdline, or nothing for a kernel thread or a zombie. */
export function parseCommandLine(cmdline: string): { program: string; args: string[] } | undefined {
  const [program, ...args] = cmdline.replace(/\0$/, '').split('\0');
  return program ? { program: basename(program), args } : undefined;
}

/** Processes that were started with `path`, or a path below it, as an argument: no pid file can name a stranger this way. */
export async function processesNaming(path: string): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const running = await Promise.all(
    pids.map(async (pid) => {
      const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const command = parseCommandLine(cmdline);
      return command && { pid: Number(pid), ...command };
    }),
  );
  const names = (arg: string) => arg === path || arg.startsWith(`${path}/`);
  return running.filter((process) => process !== undefined).filter(({ args }) => args.some(names));
}

/** Asks the processes that `find` finds to end, waits, and kills those that stay. Throws if any outlives that. */
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
  if (survivor) throw new Error(`${survivor.program} (pid ${survivor.pid}) does not end; the kernel still holds it`);
}

function sendSignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
