import type { Timeline } from '../timeline/timeline.ts';

/** Tells whether a pod of that name ever had an address, by the pod watch. One that no watch saw with any may have had it. */
export function hadAddress({ pods }: Pick<Timeline, 'pods'>): (pod: string, ip: string) => boolean {
  const all = [...pods.values()];
  return (pod, ip) => {
    const own = all.filter(({ name }) => name === pod);
    // Of a pod that no watch saw with an address another check tells.
    return own.every(({ ips }) => ips.size === 0) || own.some(({ ips }) => ips.has(ip));
  };
}
