import { type EngineEnv, shellFor } from '../docker/docker.ts';
import { type Owned, ownerLabel } from '../engine/owner.ts';

const clusterLabel = 'io.x-k8s.kind.cluster';

export interface NodeContainer extends Owned {
  readonly name: string;
  /** `running`, `exited`, `paused` and so on. */
  readonly state: string;
}

const format = ['.ID', '.Names', '.State', `.Label "${ownerLabel}"`].map((field) => `{{${field}}}`).join('\t');

/** The containers of the kind cluster of that name, ours or not. */
export async function nodeContainers(env: EngineEnv, cluster: string, signal?: AbortSignal): Promise<NodeContainer[]> {
  const filter = `label=${clusterLabel}=${cluster}`;
  const result = await shellFor(env, signal)`docker ps --all --no-trunc --filter ${filter} --format ${format}`;
  return result.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [id = '', name = '', state = '', owner = ''] = line.split('\t');
      return { id, name, state, owner };
    });
}

/** The names of all kind clusters on an engine, ours or not. */
export async function clustersOn(env: EngineEnv, signal?: AbortSignal): Promise<string[]> {
  const label = `{{.Label "${clusterLabel}"}}`;
  const result = await shellFor(env, signal)`docker ps --all --filter ${`label=${clusterLabel}`} --format ${label}`;
  return [...new Set(result.stdout.split('\n').filter(Boolean))].sort();
}
