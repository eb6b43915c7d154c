import assert from 'node:assert/strict';
import { Stamps } from './stamps.ts';

const second = 1e6;
const renewed = (at: number) => ({ renewed: new Date(at / 1000).toISOString() });

/** Each node’s lease was reported this many ms after its renewal in seconds 1, 2 and so on. */
function measuredBy(lateMs: { readonly [node: string]: readonly number[] }): Stamps {
  const stamps = new Stamps();
  for (const [node, own] of Object.entries(lateMs)) {
    for (const [index, late] of own.entries()) {
      const at = (index + 1) * second;
      stamps.seeRenewal(at + late * 1000, node, renewed(at));
    }
  }
  return stamps;
}

describe('how late stamps may be', () => {
  it('is one second if there are no leases', () => {
    assert.equal(new Stamps().late(5 * second), second);
    const older = new Stamps();
    older.seeRenewal(5 * second, 'w1', { renewed: '' });
    assert.equal(older.late(5 * second), second);
    assert.equal(older.measured, undefined);
  });

  it('is slightly more than leases were late, without the node whose leases are late for its own reasons', () => {
    assert.equal(measuredBy({ w1: [10, 120], w2: [40], w3: [30_000] }).late(0), 0.42 * second);
    assert.equal(measuredBy({ w1: [3000], w2: [2500] }).late(0), 2.8 * second, 'a slow API server');
    assert.equal(measuredBy({ w1: [200] }).late(0), 0.5 * second);
    assert.equal(measuredBy({ w1: [60_000], w2: [50_000] }).late(0), 5 * second, 'it is bounded');
  });

  it('is longer by the delay of the event loop, for stamps at that time or soon after, and only for them', () => {
    const stamps = measuredBy({ w1: [100], w2: [100] });
    for (const [at, loopDelayMs] of [
      [5, 2],
      [6, 40],
      [11, 4500],
      [12, 2],
    ] as const)
      stamps.see({ at: at * second, loopDelayMs });
    assert.equal(stamps.heldUp(5.9 * second), 0);
    assert.equal(stamps.heldUp(8 * second), 4.5 * second);
    assert.equal(stamps.late(11.2 * second), 4.9 * second);
    assert.equal(stamps.heldUp(11.8 * second), 0);
    assert.equal(stamps.longestHeldUp, 4.5 * second);
  });

  it('is not measured by a lease that was delayed by the event loop', () => {
    const stamps = new Stamps();
    for (const node of ['w1', 'w2']) {
      stamps.seeRenewal(2.1 * second, node, renewed(2 * second));
      stamps.seeRenewal(8 * second, node, renewed(4 * second));
    }
    assert.equal(stamps.measured, 4 * second);
    stamps.see({ at: 3 * second, loopDelayMs: 2 });
    stamps.see({ at: 8 * second, loopDelayMs: 4800 });
    assert.equal(stamps.measured, 0.1 * second);
  });
});
