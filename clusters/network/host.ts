import type { Shell } from 'zx';
import { reason } from '../../harness/model/reason.ts';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from '../engine/engine.ts';

/** Runs a program as root in the network namespace of the engine's host. Resolves to its output. */
export interface Host {
  run(program: string, args: readonly string[], input?: string): Promise<string>;
}

/**
 * Root runs programs directly. A member of the group docker runs them in a privileged container of `image`: a node
 * image, or any image of the engine if none is given.
 */
export function hostOf(engine: Pick<Engine, 'env'>, image?: string, signal?: AbortSignal): Host {
  const shell = shellFor(engine.env, signal);
  const inContainer = ['run', '--rm', '--interactive', '--privileged', '--network', 'host', '--entrypoint'];
  const asRoot = process.getuid?.() === 0;
  return {
    async run(program, args, input = '') {
      try {
        const result = asRoot
          ? await shell({ input })`${program} ${args}`
          : await shell({ input })`docker ${inContainer} ${program} ${image || (await anyNodeImage(shell))} ${args}`;
        return result.stdout;
      } catch (error) {
        signal?.throwIfAborted();
        throw new Error(`${program} failed on the engine's host: ${reason(error)}`, { cause: error });
      }
    },
  };
}

async function anyNodeImage(shell: Shell): Promise<string> {
  const listed = await shell`docker image ls --format ${'{{.Repository}} {{.ID}}'}`;
  const image = /(?:holdfast|kindest)\/node ([0-9a-f]+)$/m.exec(listed.stdout)?.[1];
  if (image) return image;
  throw new Error('The engine has no node image, and only root can change the network without one.');
}
