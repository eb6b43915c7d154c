export type ImageSource = 'stock' | 'built';

/** The modes in which kube-proxy forwards connections to Services. */
export const proxyModes = ['iptables', 'nftables'] as const;
export type ProxyMode = (typeof proxyModes)[number];

/** The properties of a lab that a result depends on. Verdicts are never compared across profiles. */
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
  /** One of `proxyModes` in a lab that holdfast created. */
  readonly proxyMode: string;
  /** The shortest time between two syncs of the rules of kube-proxy. */
  readonly proxyMinSyncPeriod: string;
  /** `fast` or `defaults`: see clusters/README. */
  readonly nodeTimings: string;
  readonly schedulerProfiles: readonly string[];
  /** Sysctls on the node of the generators that differ from the defaults of the kernel. */
  readonly sysctls: { readonly [name: string]: string };
  /** Content digests of the images: node image, k6, specimen. */
  readonly digests: { readonly [name: string]: string };
}

export interface ClusterNode {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly ip: string;
  readonly zone: string;
  readonly rack: string;
  /** The id of the container of the node. */
  readonly container: string;
  /** The folder on the host that the node sees as `/evidence`. */
  readonly evidence: string;
}

/** The identity of a cluster. Before every injection and heal, all three must match. */
export interface ClusterIdentity {
  readonly kubeSystemUid: string;
  readonly caSha256: string;
  readonly containers: readonly string[];
}

/** `clusters/<name>.json` in the state folder: everything that holdfast knows about a lab cluster. */
export interface ClusterInfo {
  readonly name: string;
  readonly createdAt: string;
  /** The path of its own kubeconfig, mode 0600. */
  readonly kubeconfig: string;
  readonly network: {
    /** The id of the network; undefined in old records. */
    readonly id?: string | undefined;
    readonly name: string;
    readonly subnet: string;
    readonly bridge: string;
  };
  /** The environment for the docker client, such as DOCKER_HOST of a private engine. */
  readonly engineEnv: { readonly [name: string]: string };
  readonly nodes: readonly ClusterNode[];
  /** The node that sends the traffic. Faults never choose it. */
  readonly generatorNode: string;
  readonly images: { readonly k6: string; readonly specimen: string };
  readonly identity: ClusterIdentity;
  readonly profile: LabProfile;
}
