import assert from 'node:assert/strict';
import type { ClockSample } from '../../model/event.ts';
import { MachineFold } from './machine-fold.ts';

const second = 1_000_000;
const phases = {
  warmup: { from: 0, to: 2 * second },
  baseline: { from: 2 * second, to: 6 * second },
  fault: { from: 6 * second, to: 12 * second },
  tail: { from: 12 * second, to: 15 * second },
};

const sample = (at: number, more: Partial<ClockSample> = {}): ClockSample => ({
  at: at * second,
  monotonic: at * second,
  loopDelayMs: 2,
  busy: 0.5,
  steal: 0,
  ...more,
});

function folded(...samples: readonly ClockSample[]): MachineFold {
  const fold = new MachineFold(phases, { workload: ['uid-web'], helpers: ['uid-k6'] });
  for (const each of samples) fold.see(each);
  return fold;
}

describe('a machine’s samples', () => {
  it('show that holdfast was delayed, by its event loop or by a missing sample', () => {
    const { stalls } = folded(sample(7), sample(8), sample(11, { loopDelayMs: 1800 }), sample(12), sample(13));
    assert.deepEqual(stalls, [{ from: 9 * second, to: 11 * second, what: 'holdfast itself was delayed' }]);
    assert.deepEqual(folded(sample(7), sample(8, { loopDelayMs: 900 })).stalls, []);
  });

  it('show when CPU time was stolen, and the mean share', () => {
    const fold = folded(sample(1, { steal: 1 }), sample(3, { steal: 0.2 }), sample(7), sample(8, { steal: 0.4 }));
    assert.deepEqual(
      fold.stalls.filter(({ what }) => what === 'the CPU time was stolen'),
      [{ from: 7 * second, to: 8 * second, what: 'the CPU time was stolen' }],
    );
    assert.ok(Math.abs((fold.stolen.judged.value ?? 0) - 0.2) < 1e-9);
    assert.equal(fold.stolen.baseline.value, 0.2);
  });

  it('merge a stall that continues into one', () => {
    const { stalls } = folded(sample(7), sample(8, { steal: 0.4 }), sample(9, { steal: 0.4 }), sample(10));
    assert.deepEqual(stalls, [{ from: 7 * second, to: 9 * second, what: 'the CPU time was stolen' }]);
  });

  it('distinguish the CPU time of the workload’s pods, of holdfast’s own pods and of others', () => {
    const { used } = folded(
      sample(3, { cpu: { holdfast: 0.1, pods: { 'uid-web': 0.2, 'uid-dns': 0.05, 'uid-k6': 0.03 } } }),
    );
    assert.deepEqual(
      [used.all.value, used.workload.value, used.helpers.value, used.otherPods.value, used.recorder.value],
      [0.5, 0.2, 0.03, 0.05, 0.1],
    );
    assert.equal(folded(sample(3)).used.all.value, undefined);
    assert.equal(folded(sample(3, { cpu: { holdfast: 0.1 } })).used.workload.value, undefined);
  });
});
