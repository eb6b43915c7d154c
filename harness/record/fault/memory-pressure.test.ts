import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { Lab } from '../lab/lab.ts';
import type { LabContext } from './fault.ts';
import { memoryPressure, withThreshold } from './memory-pressure.ts';

describe('a kubelet under memory pressure', () => {
  it('keeps its configuration, with a threshold above all memory it can have', () => {
    const before =
      'kind: KubeletConfiguration\nevictionHard:\n  nodefs.available: 0%\nevictionSoft:\n  nodefs.available: 5%\n';
    assert.deepEqual(parse(withThreshold(before)), {
      kind: 'KubeletConfiguration',
      evictionHard: { 'nodefs.available': '0%' },
      evictionSoft: { 'nodefs.available': '5%', 'memory.available': '99.9%' },
      evictionSoftGracePeriod: { 'memory.available': '1s' },
      evictionMaxPodGracePeriod: 1,
    });
  });

  it('gets the changed configuration after a timer was started and a copy was kept', async () => {
    const config = '/var/lib/kubelet/config.yaml';
    const asked: string[] = [];
    let written = '';
    const onNode: Lab['onNode'] = async (node, command, { input } = {} as never) => {
      asked.push(`${node}: ${command.slice(0, 4).join(' ')}`);
      if (input !== undefined) written = input;
      return { stdout: command[0] === 'cat' ? 'kind: KubeletConfiguration\n' : '', stderr: '', exitCode: 0 };
    };
    const context = { lab: { onNode }, signal: AbortSignal.timeout(5000) } as unknown as LabContext;
    await memoryPressure.fault.inject(context, { nodes: [{ name: 'w1' }], pods: ['web-1'] });
    assert.deepEqual(asked, [
      'w1: systemctl stop holdfast-memory-pressure-ends.timer',
      'w1: systemd-run --quiet --collect --unit=holdfast-memory-pressure-ends',
      `w1: cp --no-clobber ${config} ${config}.holdfast`,
      `w1: cat ${config}.holdfast`,
      `w1: cp /dev/stdin ${config}`,
      'w1: systemctl restart kubelet',
    ]);
    assert.equal(written, withThreshold('kind: KubeletConfiguration\n'));
  });

  it('is not changed if its configuration cannot be read', () => {
    assert.throws(() => withThreshold('[]'));
    assert.throws(() => withThreshold('evictionSoft: yes'));
  });
});
