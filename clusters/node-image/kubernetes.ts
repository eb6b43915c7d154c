import { goProgram } from './go-build.ts';
import { type KubernetesMinor, kubernetesVersions } from './versions.ts';

const names = [
  'kubelet',
  'kubeadm',
  'kubectl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
];

/** Kubernetes' own programs. Both packages must be told the version: kubeadm reads one, clients the other. */
export const kubernetes = (minor: KubernetesMinor) => {
  const version = kubernetesVersions[minor];
  const [major = '', minorNumber = ''] = minor.split('.');
  const stamps = {
    gitMajor: major,
    gitMinor: minorNumber,
    gitVersion: version,
    gitCommit: 'holdfast',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
  };
  return goProgram({
    name: `kubernetes-${minor}`,
    title: `Compile Kubernetes ${version}`,
    module: `kubernetes-${minor}`,
    packages: names.map((name) => `k8s.io/kubernetes/cmd/${name}`),
    ldflags: ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((pkg) =>
      Object.entries(stamps).flatMap(([key, value]) => ['-X', `${pkg}.${key}=${value}`]),
    ),
  });
};
