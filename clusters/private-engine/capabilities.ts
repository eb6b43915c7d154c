import { readKernelFile } from '../../harness/sys/files/system.ts';

/** The bit of CAP_SYS_RESOURCE in capability sets, capabilities(7). */
const capSysResource = 24n;

/** Whether the bounding set of a /proc/PID/status holds CAP_SYS_RESOURCE. Throws if the text has no CapBnd line. */
export function boundsSysResource(status: string): boolean {
  const set = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (set === undefined) throw new Error('/proc/self/status has no CapBnd line; is /proc mounted?');
  return ((BigInt(`0x${set}`) >> capSysResource) & 1n) === 1n;
}

export const hasSysResource = async (): Promise<boolean> =>
  boundsSysResource(await readKernelFile('/proc/self/status'));
