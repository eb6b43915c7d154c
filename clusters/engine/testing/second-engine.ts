import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stateDir } from '../../../harness/sys/paths.ts';
import { type EngineEnv, shellFor } from '../../docker/docker.ts';
import type { Host } from '../../network/host.ts';
import { type EngineFolder, engineFolder, privateEngineEnv } from '../../private-engine/engine-folder.ts';

import { processesNaming } from '../../private-engine/processes.ts';

const shell = shellFor();
const privateEngineModule = new URL('../../private-engine/private-engine.ts', import.meta.url).href;

/**
 * An engine in its own network namespace, so that it cannot change the rules and bridges of another engine on this
 * machine.
 */
export class SecondEngine implements AsyncDisposable {
  readonly folder: EngineFolder;
  readonly env: EngineEnv;
  /** Runs programs inside the namespace. */
  readonly host: Host;
  readonly #namespace: string;

  private constructor(root: string, namespace: string) {
    this.folder = engineFolder(root);
    this.env = privateEngineEnv(this.folder);
    this.#namespace = namespace;
    this.host = {
      run: async (program, args, input = '') =>
        (await shell({ input })`nsenter --net=/run/netns/${namespace} ${program} ${args}`).stdout,
    };
  }

  /** Creates its folder and namespace, and starts nothing. */
  static async prepare(): Promise<SecondEngine> {
    const root = await mkdtemp(join(existsSync(stateDir()) ? stateDir() : '/var/tmp', 'second-engine-'));
    const namespace = `holdfast-test-${process.pid}-${root.slice(-6)}`;
    await shell`ip netns add ${namespace}`;
    const engine = new SecondEngine(root, namespace);
    await engine.host.run('sysctl', ['-w', 'net.ipv4.ip_forward=0']);
    return engine;
  }

  async start(): Promise<void> {
    await this.#call('startPrivateEngine');
  }

  async stop(): Promise<void> {
    await this.#call('stopPrivateEngine');
  }

  async #call(name: 'startPrivateEngine' | 'stopPrivateEngine') {
    const script = `
      const { ${name} } = await import(${JSON.stringify(privateEngineModule)});
      const { engineFolder } = await import(${JSON.stringify(new URL('../../private-engine/engine-folder.ts', import.meta.url).href)});
      await ${name}(engineFolder(${JSON.stringify(this.folder.root)}));`;
    await this.host.run(process.execPath, ['--input-type=module', '--eval', script]);
  }

  /** Names of its processes, including shims. */
  async processes(): Promise<string[]> {
    return (await processesNaming(this.folder.root)).map(({ program }) => program);
  }

  async mounts(): Promise<string[]> {
    const mountinfo = await readFile('/proc/self/mountinfo', 'utf8');
    return mountinfo.split('\n').filter((line) => line.includes(this.folder.root));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await shell`ip netns delete ${this.#namespace}`;
    await rm(this.folder.root, { recursive: true, force: true });
  }
}
