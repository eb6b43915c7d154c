import assert from 'node:assert/strict';
import { TenthsOfTime } from './tenths.ts';

const second = 1e6;

/** When the clock begins to differ, if stamps over 100 s are `late` after their requests were sent. */
const stamped = (late: (index: number) => number, perSecond = 10): number | undefined => {
  const tenths = new TenthsOfTime({ from: 0, to: 100 * second });
  for (let index = 0; index < 100 * perSecond; index++) {
    const start = (index * second) / perSecond;
    tenths.see(start, start + 3000, start + late(index));
  }
  return tenths.differsFrom;
};

describe('stamps by tenths of the time', () => {
  it('show the same clock', () =>
    assert.equal(
      stamped(() => 1000),
      undefined,
    ));

  it('show a different clock for a while', () => {
    assert.equal(
      stamped((index) => (index >= 550 ? 800_000 : 1000)),
      60 * second,
    );
    assert.equal(
      stamped((index) => (index >= 400 && index < 500 ? -200_000 : 1000)),
      40 * second,
    );
  });

  it('may be late if some are in time', () =>
    assert.equal(
      stamped((index) => (index % 5 === 0 ? 1000 : 130_000)),
      undefined,
    ));

  it('show nothing if there are few', () =>
    assert.equal(
      stamped(() => 800_000, 1),
      undefined,
    ));
});
