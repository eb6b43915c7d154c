import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EngineEnv, shellFor } from '../../docker/docker.ts';

/** Imports a small image with a few programs of this machine and their libraries into an engine. */
export async function importHostPrograms(env: EngineEnv, tag: string, programs: readonly string[]): Promise<void> {
  const $ = shellFor(env);
  const root = await mkdtemp(join(tmpdir(), 'host-programs-'));
  try {
    const paths = (await $`which ${programs}`).stdout.trim().split('\n');
    const linked = (await $`ldd ${paths}`).stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm);
    const resolver = (await $`ldconfig -p`).stdout.matchAll(/=> (\/\S*\/lib(?:nss_dns|nss_files|resolv)\.so\.2)$/gm);
    const libraries = [...linked, ...resolver].map(([, path]) => path ?? '');
    for (const path of new Set([...paths, ...libraries])) {
      await mkdir(join(root, dirname(path)), { recursive: true });
      await cp(path, join(root, path), { dereference: true });
    }
    await mkdir(join(root, 'etc'));
    await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
    await $`tar --create --directory=${root} . | docker import - ${tag}`;
  } finally {
    await rm(root, { recursive: true });
  }
}
