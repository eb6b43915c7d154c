import { join } from 'node:path';
import { stateDir } from '../../harness/sys/paths.ts';

/** Where a private dockerd keeps everything. */
export interface EngineFolder {
  readonly root: string;
  readonly config: string;
  readonly socket: string;
  readonly log: string;
  readonly pid: string;
  readonly data: string;
  readonly exec: string;
  readonly runtime: string;
  /** What the host's network was before this engine changed it. */
  readonly hostBefore: string;
}

/** Only root can run a private engine, so everyone else looks where root's is. */
const privateEngineRoot = () => join(process.getuid?.() === 0 ? stateDir() : '/var/lib/holdfast', 'engine');

export function engineFolder(root: string = privateEngineRoot()): EngineFolder {
  return {
    root,
    config: join(root, 'daemon.json'),
    socket: join(root, 'docker.sock'),
    log: join(root, 'dockerd.log'),
    pid: join(root, 'dockerd.pid'),
    data: join(root, 'data'),
    exec: join(root, 'exec'),
    runtime: join(root, 'oci-runtime.sh'),
    hostBefore: join(root, 'host-before.json'),
  };
}
