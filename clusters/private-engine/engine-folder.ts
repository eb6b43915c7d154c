import { join } from 'node:path';
import { stateDir } from '../../harness/sys/paths.ts';

/** The folder of a private dockerd, which only root can enter. */
export interface EngineFolder {
  readonly root: string;
  readonly config: string;
  readonly socket: string;
  readonly log: string;
  readonly pid: string;
  readonly data: string;
  readonly exec: string;
  readonly runtime: string;
}

/** By default it is in the state folder of root. */
export function engineFolder(root: string = join(stateDir(), 'engine')): EngineFolder {
  return {
    root,
    config: join(root, 'daemon.json'),
    socket: join(root, 'docker.sock'),
    log: join(root, 'dockerd.log'),
    pid: join(root, 'dockerd.pid'),
    data: join(root, 'data'),
    exec: join(root, 'exec'),
    runtime: join(root, 'oci-runtime.sh'),
  };
}

/** The environment with which the docker client uses the engine of that folder. */
export const privateEngineEnv = ({ socket }: EngineFolder): { readonly DOCKER_HOST: string } => ({
  DOCKER_HOST: `unix://${socket}`,
});
