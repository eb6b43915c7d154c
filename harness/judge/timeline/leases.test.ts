import assert from 'node:assert/strict';
import { Leases } from './leases.ts';

const leases = (renewals: { readonly [node: string]: readonly number[] }): Leases => {
  const all = new Leases();
  const events = Object.entries(renewals).flatMap(([node, own]) => own.map((second) => ({ node, second })));
  for (const { node, second } of events.sort((one, other) => one.second - other.second)) all.see(second * 1e6, node);
  return all;
};

const everyTwo = (from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / 2) + 1 }, (_, index) => from + index * 2);

describe('a node’s silence', () => {
  it('is several renewals long and lasts until the next renewal', () => {
    const all = leases({ w1: [...everyTwo(0, 10), ...everyTwo(30, 40)], w2: everyTwo(0, 40) });
    assert.deepEqual(all.silence('w1', 20e6), { from: 10e6, to: 30e6 });
    assert.deepEqual(all.of('w1'), [{ from: 10e6, to: 30e6 }]);
    assert.equal(all.silence('w1', 31e6), undefined);
    assert.equal(all.silence('w2', 20e6), undefined);
    assert.equal(all.silence('w3', 20e6), undefined);
  });

  it('may last until the end', () =>
    assert.deepEqual(leases({ w1: everyTwo(0, 10), w2: everyTwo(0, 40) }).silence('w1', 39e6), { from: 10e6 }));

  it('is none if all nodes were silent, or if one renewal was late', () => {
    const together = [...everyTwo(0, 10), ...everyTwo(30, 40)];
    assert.equal(leases({ w1: together, w2: together }).silence('w1', 20e6), undefined);
    const late = [0, 2, 4, 9, 11, 13];
    assert.equal(leases({ w1: late, w2: everyTwo(0, 14) }).silence('w1', 6e6), undefined);
  });

  it('is none if the other nodes fell silent a little later', () => {
    const back = everyTwo(30, 40);
    const all = leases({ w1: [...everyTwo(0, 10), ...back], w2: [...everyTwo(0, 14), ...everyTwo(28, 40)] });
    assert.equal(all.silence('w1', 20e6), undefined);
  });

  it('is unknown if there was only one renewal', () => assert.equal(leases({ w1: [1] }).silence('w1', 2e6), undefined));
});
