import { goProgram } from './go-build.ts';

export const etcd = goProgram({
  name: 'etcd',
  title: 'Compile etcd',
  module: 'etcd',
  packages: ['go.etcd.io/etcd/server/v3'],
});

export const coredns = goProgram({
  name: 'coredns',
  title: 'Compile CoreDNS',
  module: 'coredns',
  packages: ['.'],
});

export const kind = goProgram({
  name: 'kind',
  title: 'Compile kind',
  module: 'kind',
  packages: ['sigs.k8s.io/kind'],
});

export const pause = goProgram({ name: 'pause', title: 'Compile pause', module: 'pause', packages: ['.'] });
