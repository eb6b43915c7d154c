import { release } from 'node:os';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readKernelBytes } from '../../harness/sys/files/system.ts';

/** Options that are built in or modules. */
export type KernelConfig = ReadonlySet<string>;

/** Reads lines such as `CONFIG_VETH=m`. */
export const parseKernelConfig = (text: string): KernelConfig =>
  new Set([...text.matchAll(/^CONFIG_(\w+)=[ym]$/gm)].map(([, option]) => option ?? ''));

/** The build options of the running kernel; undefined if they are not readable. */
export async function readKernelConfig(): Promise<KernelConfig | undefined> {
  const text = await readKernelBytes('/proc/config.gz')
    .then(promisify(gunzip))
    .catch(() => readKernelBytes(`/boot/config-${release()}`))
    .catch(() => undefined);
  return text && parseKernelConfig(text.toString());
}
