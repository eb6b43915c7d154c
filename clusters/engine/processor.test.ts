import assert from 'node:assert/strict';
import { processorShare } from './processor.ts';

describe('the CPU weight of containers on a busy processor', () => {
  it('is set in the file of the cgroup version, twenty times the default', () => {
    const { file, value } = processorShare('1');
    assert.deepEqual([file, value / 1024], ['/sys/fs/cgroup/cpu/docker/cpu.shares', 20]);
    const second = processorShare('2');
    assert.deepEqual([second.file, second.value / 100], ['/sys/fs/cgroup/docker/cpu.weight', 20]);
  });
});
