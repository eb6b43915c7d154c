import { cp, mkdir } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import type { Shell } from 'zx';

const triples: { readonly [arch: string]: string } = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const loaders: { readonly [arch: string]: string } = {
  x64: 'lib64/ld-linux-x86-64.so.2',
  arm64: 'lib/ld-linux-aarch64.so.1',
};

const named = (table: { readonly [arch: string]: string }): string => {
  const name = table[arch()];
  if (!name)
    throw new Error(`The node image cannot be built on ${arch()}, only on ${Object.keys(table).join(' and ')}.`);
  return name;
};

/** Debian's folder of this architecture's libraries, from the root. */
export const libraryFolder = (): string => join('usr/lib', named(triples));

/** Unpacks the programs and libraries of a rootfs; its devices need root and are left out. */
export async function unpack($: Shell, rootfsTar: string, into: string): Promise<void> {
  await mkdir(into);
  await $`tar --extract --file=${rootfsTar} --directory=${into} ./bin ./sbin ./lib ./lib64 ./usr/bin ./usr/sbin ./usr/lib ./usr/lib64`;
}

/** Copies programs into `to` with every library that they load. `programs` are paths below `rootfs`, or elsewhere. */
export async function copyWithLibraries(
  $: Shell,
  rootfs: string,
  programs: readonly { readonly from: string; readonly path: string }[],
  to: string,
): Promise<void> {
  const loader = named(loaders);
  const libraries = new Set([loader]);
  for (const { from, path } of programs) {
    await copy(from, join(to, path));
    const listed = await $`${join(rootfs, loader)} --list --library-path ${join(rootfs, libraryFolder())} ${from}`;
    for (const [, library = ''] of listed.stdout.matchAll(/=> (\S+)/g)) {
      if (!library.startsWith(`${rootfs}/`)) throw new Error(`${from} needs a library that Debian lacks: ${library}`);
      if (!library.endsWith(`/${loader}`)) libraries.add(library.slice(rootfs.length + 1));
    }
  }
  for (const library of libraries) await copy(join(rootfs, library), join(to, library));
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { dereference: true });
}
