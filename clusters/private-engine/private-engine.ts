import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { printableText } from '../../harness/model/printable.ts';
import { closeFile, openFile, readBytes, readText } from '../../harness/sys/files/read.ts';
import { readKernelFile, readOwnFile } from '../../harness/sys/files/system.ts';
import { makePrivateFolder, writeWhole } from '../../harness/sys/files/write.ts';
import { askEngine, type EngineAnswer, type EngineInfo, shellFor } from '../docker/docker.ts';
import { hasSysResource } from './capabilities.ts';
import { type EngineFolder, privateEngineEnv } from './engine-folder.ts';
import { recordHost, restoreHost } from './host-changes.ts';
import { endProcesses, processesNaming, type RunningProcess } from './processes.ts';

const startLimitMs = 60_000;
const appearLimitMs = 1_000;
/** On a machine that compiles, the engine may answer late, and a restart would kill every node. */
const answerLimitMs = 30_000;
/** dockerd gives containers 10 s to stop, and itself 15 s. */
const stopGraceMs = 40_000;
const endOfLogBytes = 16_384;

const dockerds = async (folder: EngineFolder) =>
  (await processesNaming(folder.config)).filter(({ program }) => program === 'dockerd');
const containerds = async (folder: EngineFolder) =>
  (await processesNaming(folder.exec)).filter(({ program }) => program === 'containerd');

/** The answer of the private engine; undefined if none runs. */
export async function askPrivateEngine(folder: EngineFolder, signal?: AbortSignal): Promise<EngineAnswer | undefined> {
  if ((await dockerds(folder)).length === 0) return undefined;
  return askEngine(privateEngineEnv(folder), answerLimitMs, signal);
}

/**
 * The resolver of Docker sends from the host and so bypasses the rules of a bridge. This address makes it use a
 * nameserver that does not exist.
 */
const noNameserver = '127.255.255.254';

/**
 * The configuration of dockerd. It has no default bridge, because the lab creates its own network, and the host keeps
 * its addresses. Only root can use its socket: members of the group docker did not ask for an engine that gives them
 * the rights of root.
 */
export function daemonConfig(folder: EngineFolder, runtimeWrapper: boolean) {
  return {
    hosts: [`unix://${folder.socket}`],
    group: 'root',
    'data-root': folder.data,
    'exec-root': folder.exec,
    pidfile: folder.pid,
    bridge: 'none',
    iptables: true,
    dns: [noNameserver],
    'dns-opts': ['timeout:1', 'attempts:2'],
    'log-opts': { 'max-size': '10m', 'max-file': '2' },
    ...(runtimeWrapper && { runtimes: { holdfast: { path: folder.runtime } }, 'default-runtime': 'holdfast' }),
  };
}

/**
 * Starts dockerd in its own session, so that it outlives this process, and waits for its first answer. Throws with the
 * end of its log.
 */
export async function startPrivateEngine(folder: EngineFolder, signal?: AbortSignal): Promise<EngineInfo> {
  await endProcesses(() => dockerds(folder), 20_000);
  await endProcesses(() => containerds(folder), 5_000);
  makePrivateFolder(folder.root);
  // These programs take a zombie process for a running one, so their files are removed.
  for (const file of [folder.pid, folder.socket, join(folder.exec, 'containerd/containerd.pid')]) {
    await rm(file, { force: true });
  }
  if ((await processesNaming(folder.exec)).length === 0) await clearLeftovers(folder);

  const runtimeWrapper = !(await hasSysResource());
  if (runtimeWrapper) {
    const wrapper = readOwnFile(new URL('oci-runtime.sh', import.meta.url));
    writeWhole(folder.root, basename(folder.runtime), wrapper, { mode: 0o700 });
  }
  await recordHost(folder);
  writeWhole(folder.root, basename(folder.config), JSON.stringify(daemonConfig(folder, runtimeWrapper), null, 2));
  writeWhole(folder.root, basename(folder.log), '');
  await shellFor({}, signal)`setsid --fork dockerd --config-file ${folder.config} >>${folder.log} 2>&1 </dev/null`;
  try {
    return await firstAnswer(folder, signal);
  } catch (error) {
    await endProcesses(() => dockerds(folder), 5_000);
    throw error;
  }
}

async function firstAnswer(folder: EngineFolder, signal?: AbortSignal): Promise<EngineInfo> {
  const started = Date.now();
  while (Date.now() - started < startLimitMs) {
    await sleep(200, undefined, { ...(signal && { signal }) });
    const answer = await askEngine(privateEngineEnv(folder), answerLimitMs, signal);
    if ('info' in answer) return answer.info;
    const mayStillAppear = Date.now() - started < appearLimitMs;
    if (!mayStillAppear && (await dockerds(folder)).length === 0) {
      throw new Error(`dockerd exited at once. ${endOfLog(folder)}`);
    }
  }
  throw new Error(`dockerd did not answer within ${startLimitMs / 1000} s. ${endOfLog(folder)}`);
}

function endOfLog({ root, log }: EngineFolder) {
  const file = openFile(root, basename(log), { maxBytes: Number.MAX_SAFE_INTEGER });
  if (!file) return `It has no log (${log}).`;
  try {
    const bytes = readBytes(file, Math.max(0, file.stats.size - endOfLogBytes), endOfLogBytes);
    const lines = printableText(bytes.toString('utf8')).trimEnd().split('\n');
    return `The end of ${log}:\n${lines.slice(-15).join('\n')}`;
  } finally {
    closeFile(file);
  }
}

/** Ends only the engine itself. Resolves to whether one ran. */
export async function endPrivateEngine(folder: EngineFolder): Promise<boolean> {
  const running = (await dockerds(folder)).length > 0;
  await endProcesses(() => dockerds(folder), stopGraceMs);
  return running;
}

/**
 * Stops the engine, its containers and its containerd, and restores the host. Images are kept. A second call has no
 * effect, and a partly dead engine is stopped too.
 */
export async function stopPrivateEngine(folder: EngineFolder): Promise<void> {
  await endProcesses(() => dockerds(folder), stopGraceMs);
  await endProcesses(() => containerds(folder), 5_000);
  await endProcesses(() => containerInits(folder), 0);
  await endProcesses(() => processesNaming(folder.exec), 5_000);
  await clearLeftovers(folder);
  await rm(folder.pid, { force: true });
  await rm(folder.socket, { force: true });
  await restoreHost(folder);
}

/** The main processes of containers that survived their daemon. Killing one ends its container. */
async function containerInits(folder: EngineFolder): Promise<RunningProcess[]> {
  const tasks = join(folder.exec, 'containerd/daemon/io.containerd.runtime.v2.task/moby');
  const ids = (await readdir(tasks).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const inits = await Promise.all(
    ids.map(async (id) => {
      const pid = Number(readText(tasks, `${id}/init.pid`, { maxBytes: 32 }));
      const cgroup = pid > 0 ? await readKernelFile(`/proc/${pid}/cgroup`).catch(() => '') : '';
      return cgroup.includes(id) ? [{ pid, program: `container ${id.slice(0, 12)}`, args: [] }] : [];
    }),
  );
  return inits.flat();
}

/** Removes the leftovers of a dead engine: mounts, and sockets and tasks of containerd. */
async function clearLeftovers(folder: EngineFolder) {
  const mounts = mountsBelow(folder.root, await readKernelFile('/proc/self/mountinfo'));
  for (const mount of mounts) await shellFor()`umount --lazy ${mount}`;
  await rm(folder.exec, { recursive: true, force: true });
}

/** Mount points below `directory` in the text of a /proc/PID/mountinfo, the innermost first. */
export function mountsBelow(directory: string, mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((mount) => mount.startsWith(`${directory}/`))
    .reverse();
}
