import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PodCpu } from './pod-cpu.ts';

const uid = '6688d14d-b8a1-4505-927f-5494621409e0';
const digest = 'cfb1a3ea4f0880e42748e6b22b889cc4';

describe('the CPU time of pods', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'holdfast-cgroup-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const file = async (folder: string, name: string, text: string) => {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, name), text);
  };
  const times = async () => [...((await new PodCpu(root as '/sys/').read()) ?? [])];

  it('is read from cpuacct of cgroup v1, with the slices of systemd', async () => {
    const kubepods = 'cpu,cpuacct/docker/95c2/kubelet.slice/kubelet-kubepods.slice';
    const burstable = `${kubepods}/kubelet-kubepods-burstable.slice`;
    await file(
      `${burstable}/kubelet-kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`,
      'cpuacct.usage',
      '7000\n',
    );
    await file(`${burstable}/kubelet-kubepods-burstable-pod${digest}.slice`, 'cpuacct.usage', '9000\n');
    await file(`memory/docker/95c2/kubelet.slice/kubelet-kubepods.slice/pod${uid}`, 'cpuacct.usage', '1\n');
    assert.deepEqual((await times()).sort(), [
      [uid, 7],
      [digest, 9],
    ]);
  });

  it('is read from cpu.stat of cgroup v2, also for a pod in its own QoS class', async () => {
    const kubepods = 'system.slice/docker-95c2.scope/kubelet/kubepods';
    await file(`${kubepods}/pod${uid}`, 'cpu.stat', 'usage_usec 1234\nuser_usec 1000\n');
    await file(`${kubepods}/besteffort/pod${digest}`, 'cpu.stat', 'usage_usec 5\n');
    assert.deepEqual(await times(), [
      [uid, 1234],
      [digest, 5],
    ]);
  });

  it('is unknown if this kernel runs no pods or does not count', async () => {
    assert.equal(await new PodCpu(root as '/sys/').read(), undefined);
    await file(`kubepods/pod${uid}`, 'cpu.stat', 'nonsense');
    assert.equal(await new PodCpu(root as '/sys/').read(), undefined);
    assert.equal(await new PodCpu(join(root, 'missing') as '/sys/').read(), undefined);
  });
});
