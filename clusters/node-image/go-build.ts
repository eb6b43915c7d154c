import { join, resolve } from 'node:path';
import { cacheDir, checkoutDir } from '../../harness/sys/paths.ts';
import type { Recipe } from '../cache.ts';
import { shellFor } from '../docker/docker.ts';

export interface GoProgram {
  readonly name: string;
  readonly title: string;
  /** Folder under `node-image/go`, or an absolute path. Its go.sum names every module by its hash; Go adds none by itself. */
  readonly module: string;
  /** Main packages: one, whose program gets the recipe's name, or several that are called by their last element. */
  readonly packages: readonly string[];
  readonly ldflags?: readonly string[];
}

export const goFolder = join(checkoutDir(), 'clusters/node-image/go');

/** Static programs, and caches of our own, so that removing them is removing one folder. */
export const goEnv = (): { [name: string]: string } => ({
  CGO_ENABLED: '0',
  GOTOOLCHAIN: 'local',
  GOFLAGS: '-modcacherw -buildvcs=false',
  GOMODCACHE: join(cacheDir(), 'go/mod'),
  GOCACHE: join(cacheDir(), 'go/build'),
});

/** Compiles programs of one Go module. */
export function goProgram({ name, title, module, packages, ldflags = [] }: GoProgram): Recipe {
  const folder = resolve(goFolder, module);
  const flags = ['-s', '-w', ...ldflags].join(' ');
  return {
    name,
    title,
    values: { packages, flags },
    files: [folder],
    needs: [],
    programs: ['go'],
    async build(into, { signal }) {
      const $ = shellFor(goEnv(), signal);
      const output = packages.length === 1 ? join(into, name) : `${into}/`;
      await $({ cwd: folder })`go build -trimpath -ldflags ${flags} -o ${output} ${packages}`;
    },
  };
}
