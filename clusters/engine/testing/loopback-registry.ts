import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askEngine } from '../../docker/docker.ts';
import { type EngineFolder, engineFolder, privateEngineEnv } from '../../private-engine/engine-folder.ts';

/** Starts Debian's docker-registry on a free port of the loopback address, with an empty store. */
export class LoopbackRegistry implements AsyncDisposable {
  /** The address, such as 127.0.0.1:5000. */
  readonly address: string;
  readonly #server: ChildProcess;
  readonly #store: string;

  private constructor(address: string, server: ChildProcess, store: string) {
    this.address = address;
    this.#server = server;
    this.#store = store;
  }

  static async start(): Promise<LoopbackRegistry> {
    const address = `127.0.0.1:${await freePort()}`;
    const store = await mkdtemp(join(tmpdir(), 'registry-'));
    const config = join(store, 'config.yml');
    await writeFile(
      config,
      JSON.stringify({ version: 0.1, storage: { filesystem: { rootdirectory: store } }, http: { addr: address } }),
    );
    const server = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
    const registry = new LoopbackRegistry(address, server, store);
    while (!(await fetch(`http://${address}/v2/`).catch(() => undefined))?.ok) {
      if (server.exitCode !== null) throw new Error('docker-registry ended at once');
      await sleep(100);
    }
    return registry;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, 'exit');
    this.#server.kill();
    await ended;
    await rm(this.#store, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Configures a running private engine to use these registries first. Nodes keep running. */
export async function useMirrors(addresses: readonly string[], folder: EngineFolder = engineFolder()): Promise<void> {
  const config = JSON.parse(await readFile(folder.config, 'utf8'));
  const mirrors = addresses.map((address) => `http://${address}`);
  await writeFile(folder.config, JSON.stringify({ ...config, 'registry-mirrors': mirrors }, null, 2));
  process.kill(Number(await readFile(folder.pid, 'utf8')), 'SIGHUP');
  await sleep(500);
  await askEngine(privateEngineEnv(folder), 10_000);
}
