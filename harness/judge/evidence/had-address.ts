import type { Timeline } from '../timeline/timeline.ts';

/**
 * Returns whether a pod of that name ever had an address, by the pod watch. True if the watch never reported an address
 * of it.
 */
export function hadAddress({ pods }: Pick<Timeline, 'pods'>): (pod: string, ip: string) => boolean {
  const all = [...pods.values()];
  return (pod, ip) => {
    const own = all.filter(({ name }) => name === pod);
    // A pod without a reported address is found by `no-watch-gaps`.
    return own.every(({ ips }) => ips.size === 0) || own.some(({ ips }) => ips.has(ip));
  };
}
