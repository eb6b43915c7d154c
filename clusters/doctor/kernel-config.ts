import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Options that are built in or modules. */
export type KernelConfig = ReadonlySet<string>;

/** Reads lines such as `CONFIG_VETH=m`. */
export const parseKernelConfig = (text: string): KernelConfig =>
  new Set([...text.matchAll(/^CONFIG_(\w+)=[ym]$/gm)].map(([, option]) => option ?? ''));

/** What the running kernel was built with, or nothing where it does not say. */
export async function readKernelConfig(): Promise<KernelConfig | undefined> {
  const text = await readFile('/proc/config.gz')
    .then(promisify(gunzip))
    .catch(() => readFile(`/boot/config-${release()}`))
    .catch(() => undefined);
  return text && parseKernelConfig(text.toString());
}
