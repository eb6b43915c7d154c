import assert from 'node:assert/strict';
import { draw, newSeed, shuffled } from './seed.ts';

describe('a seed', () => {
  const seeds = Array.from({ length: 200 }, (_, index) => `seed-${index}`);

  it('gives a number from 0 to 1 for each purpose, always the same', () => {
    const numbers = seeds.map((seed) => draw(seed, 'order'));
    assert.deepEqual(
      seeds.map((seed) => draw(seed, 'order')),
      numbers,
    );
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    assert.equal(new Set(numbers).size, seeds.length);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / seeds.length;
    assert.ok(Math.abs(mean - 0.5) < 0.1, `${mean}`);
    assert.notEqual(draw('a', 'order'), draw('a', 'moment'));
    assert.notEqual(draw('a', 'order'), draw('b', 'order'));
  });

  it('draws any order of items, each of them once', () => {
    const items = ['one', 'two', 'three'];
    const orders = seeds.map((seed) => shuffled(seed, 'order', items));
    for (const order of orders) assert.deepEqual(order.toSorted(), items.toSorted());
    assert.equal(new Set(orders.map((order) => order.join())).size, 6);
  });

  it('is eight hexadecimal digits if none is given, and another one each time', () => {
    assert.match(newSeed(), /^[0-9a-f]{8}$/);
    assert.notEqual(newSeed(), newSeed());
  });
});
