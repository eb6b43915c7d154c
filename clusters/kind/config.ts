import { stringify } from 'yaml';
import { type ClusterShape, type NodeTimings, nodeLabels, plannedNodes } from './shape.ts';

export interface KindConfigInput extends ClusterShape {
  /** Whether the node image has its own pod network, so that kind installs no default CNI. */
  readonly ownPodNetwork: boolean;
  readonly cgroupVersion: '1' | '2';
  /** The Kubernetes version, such as `v1.37.2`. The API of kubeadm and some settings depend on it. */
  readonly kubernetes: string;
  /** The folder on the host that a node sees as `/evidence`. */
  evidence(node: string): string;
  /** The path of the scheduler configuration on the host. */
  readonly schedulerConfig: string;
}

export const podSubnet = '10.244.0.0/16';
export const serviceSubnet = '10.96.0.0/16';
/** The minimum sync period in every mode of kube-proxy. It is the default of Kubernetes. */
export const proxyMinSyncPeriod = '1s';

/** The path in the container of the control plane. kubeadm mounts it into the scheduler at the same path. */
const schedulerConfigInNode = '/etc/kubernetes/scheduler-config.yaml';

/** kind's configuration of one of our clusters, as YAML. */
export function kindConfig(input: KindConfigInput): string {
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name: input.name,
    networking: {
      apiServerAddress: '127.0.0.1',
      disableDefaultCNI: input.ownPodNetwork,
      kubeProxyMode: input.proxyMode,
      podSubnet,
      serviceSubnet,
    },
    kubeadmConfigPatches: patches(input).map((patch) => stringify(patch)),
    nodes: plannedNodes(input).map(({ name, role, ...place }) => ({
      role,
      ...(place.zone && { labels: nodeLabels(place) }),
      extraMounts: [
        { hostPath: input.evidence(name), containerPath: '/evidence' },
        ...(role === 'control-plane'
          ? [{ hostPath: input.schedulerConfig, containerPath: schedulerConfigInNode, readOnly: true }]
          : []),
      ],
    })),
  });
}

/** Merge patches for the configuration that kind passes to kubeadm. */
function patches({ kubernetes, cgroupVersion, nodeTimings, proxyMode }: KindConfigInput) {
  const minor = minorOf(kubernetes);
  const timings = timingsOf[nodeTimings];
  const args = minor >= 36 ? argsAsList : argsAsMap;
  return [
    {
      kind: 'ClusterConfiguration',
      apiServer: { extraArgs: args({ 'runtime-config': '', ...timings.apiServer }) },
      controllerManager: { extraArgs: args({ 'enable-hostpath-provisioner': 'true', ...timings.controllerManager }) },
      scheduler: {
        extraArgs: args({ config: schedulerConfigInNode }),
        extraVolumes: [
          {
            name: 'scheduler-config',
            hostPath: schedulerConfigInNode,
            mountPath: schedulerConfigInNode,
            readOnly: true,
            pathType: 'File',
          },
        ],
      },
      etcd: { local: { extraArgs: args({ 'unsafe-no-fsync': 'true' }) } },
    },
    {
      kind: 'KubeletConfiguration',
      ...timings.kubelet,
      ...(minor >= 35 && timings.crashLoopBackOff),
      ...(minor >= 35 && cgroupVersion === '1' && { failCgroupV1: false }),
    },
    { kind: 'KubeProxyConfiguration', [proxyMode]: { minSyncPeriod: proxyMinSyncPeriod } },
  ];
}

const argsAsMap = (args: { [name: string]: string }) => args;

/**
 * From v1beta4 on arguments are a list, which a merge patch replaces as a whole. So the own arguments of kind are
 * repeated above.
 */
const argsAsList = (args: { [name: string]: string }) => Object.entries(args).map(([name, value]) => ({ name, value }));

const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);

interface Timings {
  readonly apiServer: { readonly [flag: string]: string };
  readonly controllerManager: { readonly [flag: string]: string };
  readonly kubelet: object;
  readonly crashLoopBackOff: object;
}

const timingsOf: { readonly [name in NodeTimings]: Timings } = {
  fast: {
    apiServer: { 'default-not-ready-toleration-seconds': '10', 'default-unreachable-toleration-seconds': '10' },
    controllerManager: {
      'node-monitor-grace-period': '16s',
      'node-monitor-period': '2s',
      'node-eviction-rate': '1',
      'horizontal-pod-autoscaler-sync-period': '5s',
    },
    // The lease is renewed at a quarter of its duration, so eight renewals fit into the grace period.
    kubelet: { nodeStatusUpdateFrequency: '4s', nodeLeaseDurationSeconds: 8 },
    crashLoopBackOff: { crashLoopBackOff: { maxContainerRestartPeriod: '20s' } },
  },
  defaults: { apiServer: {}, controllerManager: {}, kubelet: {}, crashLoopBackOff: {} },
};
