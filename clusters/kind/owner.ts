import { join } from 'node:path';
import { which } from 'zx';
import { type EngineEnv, systemPath } from '../docker/docker.ts';
import { ownerLabel } from '../engine/owner.ts';

const wrapperFolder = join(import.meta.dirname, 'docker-with-owner');

/** The environment with which kind labels each container with its owner. */
export async function ownerEnv(owner: string, env: EngineEnv): Promise<EngineEnv> {
  const path = env.PATH ?? systemPath;
  return {
    PATH: `${wrapperFolder}:${path}`,
    HOLDFAST_DOCKER: await which('docker', { path }),
    HOLDFAST_OWNER_LABEL: `${ownerLabel}=${owner}`,
  };
}
