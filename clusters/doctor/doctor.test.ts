import assert from 'node:assert/strict';
import { cgroups, judgeCgroups, judgeKernel, mountedControllers } from './kernel.ts';
import { parseKernelConfig } from './kernel-config.ts';
import { withoutNftables } from './proxy-mode.ts';
import { renderDoctor } from './render.ts';
import { judgeCores, judgeDisk, judgeMemory, judgeOpenFiles } from './resources.ts';

describe('renderDoctor', () => {
  it('puts each fix below its line and counts', () => {
    const text = renderDoctor([
      { name: 'engine', state: 'ok', detail: 'Docker 20.10.24' },
      { name: 'git', state: 'fixable', detail: 'none', fix: 'sudo apt-get install git' },
      { name: 'cores', state: 'missing', detail: '1' },
    ]);
    assert.equal(
      text,
      `ok        engine  Docker 20.10.24
fixable   git     none
                  $ sudo apt-get install git
missing   cores   1

1 ok, 1 fixable, 1 missing
`,
    );
  });
});

describe('judgeKernel', () => {
  const needed =
    'CONFIG_OVERLAY_FS=y\nCONFIG_NF_CONNTRACK=m\nCONFIG_NF_NAT=m\nCONFIG_NF_TABLES=m\nCONFIG_BRIDGE=y\nCONFIG_VETH=y\n';

  it('is ok with the required options, and reports what is skipped', () => {
    const line = judgeKernel(parseKernelConfig(`${needed}CONFIG_IP_VS=m\n# CONFIG_NET_SCH_NETEM is not set\n`), '6.1');
    assert.equal(line.state, 'ok');
    assert.match(line.detail, /netem/);
    assert.doesNotMatch(line.detail, /IPVS/);
  });

  it('names a missing required option', () => {
    const line = judgeKernel(parseKernelConfig(needed.replace(/.*NF_TABLES.*\n/, '')), '6.1');
    assert.equal(line.state, 'missing');
    assert.match(line.detail, /CONFIG_NF_TABLES or CONFIG_IP_NF_IPTABLES/);
  });

  it('is ok for a kernel without readable options', () => assert.equal(judgeKernel(undefined, '6.1').state, 'ok'));
});

describe('kube-proxy’s nftables mode', () => {
  const all = [
    'NF_TABLES',
    'NF_TABLES_IPV4',
    'NFT_CT',
    'NFT_FIB_IPV4',
    'NFT_MASQ',
    'NFT_NAT',
    'NFT_NUMGEN',
    'NFT_REJECT_IPV4',
  ];

  it('needs the options of its rules and Linux 5.13', () => {
    assert.equal(withoutNftables(new Set(all), '5.13.0'), undefined);
    assert.equal(withoutNftables(new Set(all), '6.18.44-fc-v769'), undefined);
    assert.equal(withoutNftables(new Set(all), '5.4.0-150-generic'), 'it needs Linux 5.13 or newer');
    assert.equal(
      withoutNftables(new Set(all.slice(0, 6)), '6.1'),
      'it needs CONFIG_NFT_NUMGEN, CONFIG_NFT_REJECT_IPV4',
    );
  });

  it('is allowed on a kernel without readable options', () =>
    assert.equal(withoutNftables(undefined, '6.1'), undefined));

  it('is listed as skipped if the kernel lacks it', () => {
    const config = parseKernelConfig(
      'CONFIG_OVERLAY_FS=y\nCONFIG_NF_CONNTRACK=m\nCONFIG_NF_NAT=m\nCONFIG_IP_NF_IPTABLES=m\nCONFIG_BRIDGE=y\nCONFIG_VETH=y\n',
    );
    assert.match(judgeKernel(config, '6.1').detail, /kube-proxy’s nftables mode \(it needs CONFIG_NF_TABLES, /);
  });
});

describe('judgeCgroups', () => {
  it('counts only mounted controllers on version 1', () => {
    const text =
      '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t3\t1\nmemory\t0\t3\t1\ncpu\t1\t3\t1\npids\t8\t3\t1\n';
    const line = judgeCgroups(1, mountedControllers(text));
    assert.deepEqual(line, { name: 'cgroups', state: 'missing', detail: 'v1 lacks memory' });
  });

  it('is ok on version 2', () => assert.equal(judgeCgroups(2, ['cpuset', 'cpu', 'io', 'memory', 'pids']).state, 'ok'));

  /** The contents of these files on real hosts. The first was recorded on the machine that the README names. */
  const hosts = {
    'version 1': {
      '/proc/cgroups':
        '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t83\t1\ncpu\t1\t110\t1\ncpuacct\t2\t83\t1\nblkio\t7\t98\t1\nmemory\t4\t1346\t1\ndevices\t5\t110\t1\nfreezer\t6\t83\t1\nnet_cls\t0\t105\t1\npids\t8\t110\t1\n',
    },
    'version 2 under systemd': {
      '/proc/cgroups':
        '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t0\t95\t1\ncpu\t0\t95\t1\nmemory\t0\t95\t1\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
    },
    'version 2 without the memory controller': {
      '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io hugetlb pids\n',
    },
    'version 2 in a container without controllers': { '/sys/fs/cgroup/cgroup.controllers': '\n' },
  };
  const on = (host: { readonly [path: string]: string }) =>
    cgroups((path) =>
      path in host ? Promise.resolve(host[path] ?? '') : Promise.reject(new Error(`ENOENT: ${path}`)),
    );

  it('reads the files of hosts of both versions', async () => {
    const found = await Promise.all(Object.values(hosts).map(on));
    assert.deepEqual(
      found.map(({ state, detail }) => `${state}: ${detail}`),
      [
        'ok: v1 with cpu, cpuset, memory, pids',
        'ok: v2 with cpu, cpuset, memory, pids',
        'missing: v2 lacks memory',
        'missing: v2 lacks cpu, cpuset, memory, pids',
      ],
    );
  });
});

describe('resources', () => {
  it('are compared with the needs of a lab', () => {
    assert.equal(judgeDisk('/x', 21e9, 20e9).state, 'ok');
    assert.match(judgeDisk('/x', 19e9, 20e9).detail, /19 GB free for \/x; 20 GB are needed/);
    assert.equal(judgeMemory('MemTotal: 9 kB\nMemAvailable:    8000000 kB\n').state, 'ok');
    assert.equal(judgeMemory('MemAvailable:    1000000 kB\n').state, 'missing');
    assert.equal(judgeCores(2).state, 'ok');
    assert.equal(judgeCores(1).state, 'missing');
    assert.equal(
      judgeOpenFiles('Max open files            1024                 20000                files\n').state,
      'ok',
    );
    assert.equal(
      judgeOpenFiles('Max open files            1024                 4096                 files\n').state,
      'fixable',
    );
  });
});
