import assert from 'node:assert/strict';
import { TimeBitmap } from './time-bitmap.ts';

const ms = (value: number) => value * 1000;

describe('a time bitmap', () => {
  const moments = new TimeBitmap({ from: ms(1000), to: ms(2000) });
  for (const at of [999, 1200, 1500, 2500]) moments.see(ms(at));

  it('finds times between two others, including these', () => {
    assert.equal(moments.any(ms(1200), ms(1200)), true);
    assert.equal(moments.any(ms(1100), ms(1300)), true);
    assert.equal(moments.any(ms(1201), ms(1499)), false);
  });

  it('finds the time before and the time after', () => {
    assert.equal(moments.before(ms(1400)), ms(1200));
    assert.equal(moments.after(ms(1400)), ms(1500));
  });

  it('finds the longest gap, between its times or to the ends of a span', () => {
    assert.deepEqual(moments.longestGap({ from: ms(1100), to: ms(1600) }), { at: ms(1200), ms: 300 });
    assert.deepEqual(moments.longestGap({ from: ms(1000), to: ms(1300) }), { at: ms(1000), ms: 200 });
    assert.deepEqual(moments.longestGap({ from: ms(1000), to: ms(2000) }), { at: ms(1500), ms: 500 });
    assert.deepEqual(moments.longestGap({ from: ms(1600), to: ms(1900) }), { at: ms(1600), ms: 300 });
  });

  it('finds every longer gap', () => {
    const all = { from: ms(1000), to: ms(2000) };
    assert.deepEqual(moments.gapsOver(250, all), [
      { from: ms(1200), to: ms(1500) },
      { from: ms(1500), to: ms(2000) },
    ]);
    assert.deepEqual(moments.gapsOver(500, all), []);
  });

  it('ends with the span that it keeps', () => {
    assert.equal(moments.any(ms(0), ms(1199)), false);
    assert.equal(moments.before(ms(1200)), ms(1000));
    assert.equal(moments.after(ms(1500)), ms(2000));
  });
});
