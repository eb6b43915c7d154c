import assert from 'node:assert/strict';
import { clusterName, count, duration, labOptions } from './options.ts';

describe('options', () => {
  it('read durations', () => {
    assert.deepEqual(['90s', '5m', '1h', '0.5m'].map(duration), [90_000, 300_000, 3_600_000, 30_000]);
    for (const text of ['', '5', 's', '-5s', '0s', '5 s', '25h', '1d'])
      assert.throws(() => duration(text), /such as 90s/, text);
  });

  it('read counts', () => {
    assert.equal(count('10'), 10);
    for (const text of ['', '-1', '1.5', 'ten']) assert.throws(() => count(text), /whole number/, text);
  });

  it('create a lab in iptables mode by default', () => {
    const mode = labOptions().find(({ long }) => long === '--proxy-mode');
    assert.deepEqual(mode?.argChoices, ['iptables', 'nftables']);
    assert.equal(mode?.defaultValue, 'iptables');
  });

  it('refuse names that no container, network or file can have', () => {
    assert.equal(clusterName('lab-2'), 'lab-2');
    for (const text of ['', 'Lab', '2lab', 'a b', '../lab', 'a'.repeat(21)])
      assert.throws(() => clusterName(text), text);
  });
});
