import assert from 'node:assert/strict';
import { stallAcross, stallInWords } from './stalls.ts';

const second = 1_000_000;
const stall = (from: number, to: number) => ({ from: from * second, to: to * second, what: 'fresh sent nothing' });
const request = (start: number, seconds: number) => ({ start: start * second, end: (start + seconds) * second });

describe('a stall of the machine', () => {
  it('may be why a request in flight failed, if it lasted half as long as the request', () => {
    assert.ok(stallAcross([stall(10, 11)], request(9.5, 2)));
    assert.equal(stallAcross([stall(10, 10.9)], request(9.5, 2)), undefined);
    assert.ok(stallAcross([stall(10, 10.5), stall(10.6, 11.1)], request(9.5, 2)));
  });

  it('may be why a later request failed: within the length of the stall, and at most 5 s after it', () => {
    assert.ok(stallAcross([stall(10, 12)], request(13.9, 0.001)));
    assert.equal(stallAcross([stall(10, 12)], request(14.1, 0.001)), undefined);
    assert.ok(stallAcross([stall(10, 30)], request(34.9, 0.001)));
    assert.equal(stallAcross([stall(10, 30)], request(35.1, 0.001)), undefined);
  });

  it('is not why a request failed that ended before it or that lasted longer than any client waits', () => {
    assert.equal(stallAcross([stall(10, 12)], request(7, 2.9)), undefined);
    assert.equal(stallAcross([stall(10, 100)], request(9, 70)), undefined);
  });

  it('is found among many', () => {
    const many = Array.from({ length: 300_000 }, (_, index) => stall(index, index + 0.3));
    const began = performance.now();
    for (let index = 0; index < 20_000; index++) assert.ok(stallAcross(many, request(index * 10, 0.1)));
    assert.ok(performance.now() - began < 8000);
  });

  it('is printed with its length', () => assert.equal(stallInWords(stall(10, 12.31)), 'fresh sent nothing for 2.31 s'));
});
