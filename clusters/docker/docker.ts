import { $, type Shell } from 'zx';
import { childEnvironment, programPath } from '../../harness/sys/environment.ts';

export interface EngineEnv {
  readonly [name: string]: string;
}

/** Debian keeps dockerd, iptables and ip in directories that a user's PATH often lacks. */
export const systemPath: string = [programPath(), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean).join(':');

/**
 * If stdin is a socket, bash assumes a network connection and runs the user's ~/.bashrc, unless SHLVL shows that
 * another shell started it. Node uses a socket for stdin.
 */
const startedByAShell = { SHLVL: '1' };

/** zx's shell, silent, with the environment that leads the docker client to one engine, and no secret of ours. */
export function shellFor(env: EngineEnv = {}, signal?: AbortSignal): Shell {
  const own = { ...childEnvironment(), ...startedByAShell, PATH: systemPath, ...env };
  // By default zx looks up its shell on our whole PATH.
  return $({ env: own, shell: 'bash', quiet: true, ...(signal && { signal }) });
}

/** What an engine reports about itself. */
export interface EngineInfo {
  readonly version: string;
  readonly cgroupVersion: '1' | '2';
  readonly storageDriver: string;
}

export const describeEngine = ({ version, cgroupVersion, storageDriver }: EngineInfo): string =>
  `Docker ${version}, ${storageDriver}, cgroup v${cgroupVersion}`;

/** Reads `docker info --format '{{json .}}'`, which prints an empty version when no engine answered. */
export function parseInfo(text: string): EngineInfo | undefined {
  const info: unknown = JSON.parse(text);
  if (typeof info !== 'object' || info === null) return undefined;
  const { ServerVersion, CgroupVersion, Driver } = info as Record<string, unknown>;
  if (typeof ServerVersion !== 'string' || ServerVersion === '') return undefined;
  return { version: ServerVersion, cgroupVersion: CgroupVersion === '2' ? '2' : '1', storageDriver: String(Driver) };
}

/**
 * The state of an engine, or the reason why there is no answer: the message of the client, or that it is not installed.
 */
export type EngineAnswer = { readonly info: EngineInfo } | { readonly problem: string };

export async function askEngine(env: EngineEnv, timeoutMs: number, signal?: AbortSignal): Promise<EngineAnswer> {
  const limit = AbortSignal.timeout(timeoutMs);
  const shell = shellFor(env, signal ? AbortSignal.any([signal, limit]) : limit);
  const result = await shell({ nothrow: true })`docker info --format ${'{{json .}}'}`;
  signal?.throwIfAborted();
  if (result.exitCode === 127) return { problem: 'the docker client is not installed' };
  const info = result.stdout.trim() === '' ? undefined : parseInfo(result.stdout);
  if (info) return { info };
  return { problem: result.stderr.trim() || `no answer within ${timeoutMs / 1000} s` };
}
