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

  it('end where the time ends that is kept', () => {
    assert.equal(moments.any(ms(0), ms(1199)), false);
    assert.equal(moments.before(ms(1200)), ms(1000));
    assert.equal(moments.after(ms(1500)), ms(2000));
  });
});
