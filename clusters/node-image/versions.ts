/**
 * The Kubernetes releases for which the node image can be built, by minor version. Each has its own Go module folder.
 */
export const kubernetesVersions = { '1.37': 'v1.37.2' } as const;

export type KubernetesMinor = keyof typeof kubernetesVersions;
export const defaultKubernetes: KubernetesMinor = '1.37';

/** Accepts `1.37`, `v1.37` and `v1.37.2`. */
export function kubernetesMinor(version: string): KubernetesMinor {
  const minor = /^v?(\d+\.\d+)/.exec(version)?.[1] ?? '';
  const known = Object.keys(kubernetesVersions).find(
    (candidate): candidate is KubernetesMinor =>
      candidate === minor &&
      [`${candidate}`, kubernetesVersions[candidate as KubernetesMinor].slice(1)].includes(version.replace(/^v/, '')),
  );
  if (known) return known;
  const all = Object.values(kubernetesVersions).join(', ');
  throw new Error(`There is no node image for Kubernetes ${version}. Supported: ${all}.`);
}

/** The version that the go.mod of the extension requires. */
export const k6Version = 'v1.8.1';
/** The Debian release: the newest one whose systemd still boots on cgroup v1. */
export const debianSuite = 'trixie';
