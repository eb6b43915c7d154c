import { which } from 'zx';
import { shellFor, systemPath } from '../docker/docker.ts';

/** A Go that is installed. */
export interface Go {
  readonly path: string;
  /** As Go prints it, such as `go1.26.8`. */
  readonly version: string;
}

const oldest = [1, 26] as const;

/** The oldest release of Go that compiles the lab. */
export const oldestGo = oldest.join('.');

/** The Go that compiles the programs of the lab: the first one on the path. Undefined if there is none that runs. */
export async function findGo(searched = systemPath): Promise<Go | undefined> {
  const path = await which('go', { path: searched, nothrow: true });
  if (!path) return undefined;
  // Go itself, and no other release that it would download.
  const said = await shellFor({ GOTOOLCHAIN: 'local' })({ nothrow: true })`${path} env GOVERSION`;
  return said.exitCode === 0 ? { path, version: said.stdout.trim() } : undefined;
}

export function isNewEnough({ version }: Go): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
}
