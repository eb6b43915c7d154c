import { realpath } from 'node:fs/promises';
import { askEngine, describeEngine, type EngineEnv, type EngineInfo, shellFor } from '../docker/docker.ts';
import { ensurePrograms, type InstallOptions, missingPrograms } from '../packages.ts';
import { engineFolder, privateEngineEnv } from '../private-engine/engine-folder.ts';
import {
  askPrivateEngine,
  endPrivateEngine,
  startPrivateEngine,
  stopPrivateEngine,
} from '../private-engine/private-engine.ts';

/** A container engine that answers. */
export interface Engine {
  /** The environment for its client: DOCKER_HOST for a private engine, otherwise empty. */
  readonly env: EngineEnv;
  /** Whether it is the private engine of holdfast, which may be stopped. */
  readonly own: boolean;
  readonly version: string;
  readonly cgroupVersion: '1' | '2';
  readonly description: string;
}

const isRoot = (): boolean => process.getuid?.() === 0;

const usersEngineLimitMs = 5_000;
const engineParts = ['docker', 'dockerd', 'iptables', 'ip'] as const;

/** An engine that answers, or why there is none. The user's engine comes first. Only root can use the private engine. */
async function search(signal?: AbortSignal): Promise<{ readonly engine: Engine } | { readonly problem: string }> {
  const answer = await askEngine({}, usersEngineLimitMs, signal);
  if ('info' in answer) return { engine: usersEngine(answer.info) };
  if (!isRoot()) return answer;
  const own = await askPrivateEngine(engineFolder(), signal);
  return own && 'info' in own ? { engine: privateEngine(own.info) } : (own ?? answer);
}

/** Finds an engine that answers; if there is none, installs and starts a private one. */
export async function findOrStartEngine(options: InstallOptions): Promise<Engine> {
  const { progress, signal } = options;
  let found = await search(signal);
  if (!('engine' in found) && (await missingPrograms(engineParts)).length > 0) {
    await ensurePrograms(engineParts, options);
    // With an init system, the package starts its daemon.
    found = await search(signal);
  }
  if ('engine' in found) return found.engine;
  if (!isRoot()) {
    throw new Error(
      `No container engine answers (${found.problem}). Start Docker and join the group "docker", or run holdfast as root: it then starts a private engine.`,
    );
  }
  const folder = engineFolder();
  progress.note(`No container engine answers. A private one is started in ${folder.root}.`);
  return privateEngine(await startPrivateEngine(folder, signal));
}

/**
 * The private engine that runs beside this one, if there is one; only root can have one. The two are distinguished by
 * their data folders, because the environment may lead to either by another address.
 */
export async function otherEngineOf(
  { env }: Pick<Engine, 'env'>,
  signal?: AbortSignal,
): Promise<Pick<Engine, 'env'> | undefined> {
  const folder = engineFolder();
  if (!isRoot() || env.DOCKER_HOST === privateEngineEnv(folder).DOCKER_HOST) return undefined;
  const answer = await askPrivateEngine(folder, signal);
  if (!answer || !('info' in answer)) return undefined;
  const result = await shellFor(env, signal)`docker info --format ${'{{.DockerRootDir}}'}`;
  const itself = result.stdout.trim() === (await realpath(folder.data));
  return itself ? undefined : { env: privateEngineEnv(folder) };
}

const usersEngine = (info: EngineInfo): Engine => ({
  env: {},
  own: false,
  version: info.version,
  cgroupVersion: info.cgroupVersion,
  description: describeEngine(info),
});

const privateEngine = (info: EngineInfo): Engine => ({
  env: privateEngineEnv(engineFolder()),
  own: true,
  version: info.version,
  cgroupVersion: info.cgroupVersion,
  description: `${describeEngine(info)}, private`,
});

/**
 * Kills a private engine and its containers, as a crash would. The next command starts it again. Resolves to whether
 * there was one.
 */
export const endEngine = (): Promise<boolean> => endPrivateEngine(engineFolder());

/** Stops the private engine if there is one and it is ours; never another engine. Images are kept. */
export async function stopEngine(): Promise<void> {
  if (isRoot()) await stopPrivateEngine(engineFolder());
}
