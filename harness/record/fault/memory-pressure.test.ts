import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { withThreshold } from './memory-pressure.ts';

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

  it('is not changed if its configuration cannot be read', () => {
    assert.throws(() => withThreshold('[]'));
    assert.throws(() => withThreshold('evictionSoft: yes'));
  });
});
