import assert from 'node:assert/strict';
import { Moments } from './moments.ts';

const ms = (value: number) => value * 1000;

describe('moments', () => {
  const moments = new Moments({ from: ms(1000), to: ms(2000) });
  for (const at of [999, 1200, 1500, 2500]) moments.see(ms(at));

  it('are found between two others, these included', () => {
    assert.equal(moments.any(ms(1200), ms(1200)), true);
    assert.equal(moments.any(ms(1100), ms(1300)), true);
    assert.equal(moments.any(ms(1201), ms(1499)), false);
  });

  it('have one before and one after', () => {
    assert.equal(moments.before(ms(1400)), ms(1200));
    assert.equal(moments.after(ms(1400)), ms(1500));
  });

  it('have a longest gap, between them or to the ends of a span', () => {
    assert.deepEqual(moments.longestGap({ from: ms(1100), to: ms(1600) }), { at: ms(1200), ms: 300 });
    assert.deepEqual(moments.longestGap({ from: ms(1000), to: ms(1300) }), { at: ms(1000), ms: 200 });
    assert.deepEqual(moments.longestGap({ from: ms(1000), to: ms(2000) }), { at: ms(1500), ms: 500 });
    assert.deepEqual(moments.longestGap({ from: ms(1600), to: ms(1900) }), { at: ms(1600), ms: 300 });
  });

  it('have every gap that is longer than that', () => {
    const all = { from: ms(1000), to: ms(2000) };
    assert.deepEqual(moments.gapsOver(250, all), [
      { from: ms(1200), to: ms(1500) },
      { from: ms(1500), to: ms(2000) },
    ]);
    assert.deepEqual(moments.gapsOver(500, all), []);
  });

  it('end where the time ends that is kept', () => {
    assert.equal(moments.any(ms(0), ms(1199)), false);
    assert.equal(moments.before(ms(1200)), ms(1000));
    assert.equal(moments.after(ms(1500)), ms(2000));
  });
});
