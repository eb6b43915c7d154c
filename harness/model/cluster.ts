export type ImageSource = 'stock' | 'built';

/** How kube-proxy sends connections to Services on. */
export const proxyModes = ['iptables', 'nftables'] as const;
export type ProxyMode = (typeof proxyModes)[number];

/** The conditions of a lab that a result depends on. Verdicts never compare across profiles. */
export interface LabProfile {
  readonly imageSource: ImageSource;
  readonly kubernetes: string;
  readonly kind: string;
  readonly k6: string;
  readonly containerd: string;
  readonly engine: string;
  readonly kernel: string;
  readonly cgroup: string;
  readonly cni: string;
  /** One of `proxyModes` on a lab of ours. */
  readonly proxyMode: string;
  /** kube-proxy's shortest time between two syncs of its rules. */
  readonly proxyMinSyncPeriod: string;
  /** `fast` or `defaults`: see clusters/README. */
  readonly nodeTimings: string;
  readonly schedulerProfiles: readonly string[];
  /** On the generator's node, those that differ from the kernel's defaults. */
  readonly sysctls: { readonly [name: string]: string };
  /** Content digests of what runs in it: node image, k6, specimen. */
  readonly digests: { readonly [name: string]: string };
}

export interface ClusterNode {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly ip: string;
  readonly zone: string;
  readonly rack: string;
  /** The engine's id of the node's container. */
  readonly container: string;
  /** Host path of the directory that the node sees as `/evidence`. */
  readonly evidence: string;
}

/** Checked again before every injection and heal: a cluster is ours if all three still hold. */
export interface ClusterIdentity {
  readonly kubeSystemUid: string;
  readonly caSha256: string;
  readonly containers: readonly string[];
}

/** `clusters/<name>.json` of the state folder: all that the harness knows of a lab cluster. */
export interface ClusterInfo {
  readonly name: string;
  readonly createdAt: string;
  /** Path of its own kubeconfig, mode 0600. */
  readonly kubeconfig: string;
  readonly network: {
    /** The engine's id of it; an older record has none. */
    readonly id?: string | undefined;
    readonly name: string;
    readonly subnet: string;
    readonly bridge: string;
  };
  /** Environment for the engine's client, such as DOCKER_HOST of a private engine. */
  readonly engineEnv: { readonly [name: string]: string };
  readonly nodes: readonly ClusterNode[];
  /** The node on which the traffic is made; never a target. */
  readonly generatorNode: string;
  readonly images: { readonly k6: string; readonly specimen: string };
  readonly identity: ClusterIdentity;
  readonly profile: LabProfile;
}
