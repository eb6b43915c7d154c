import assert from 'node:assert/strict';
import type { Request } from '../../model/request.ts';
import { RowTable, rowFlags } from './row-table.ts';

const epoch = 1_795_000_000_000_000;

const row = (seq: number, more: Partial<Request> = {}) =>
  ({
    seq,
    start: epoch + seq * 10_000,
    end: epoch + seq * 10_000 + 2000,
    code: 0,
    reused: false,
    attempt: 1,
    connection: 0,
    source: '10.244.1.5',
    protocol: 'HTTP/1.1',
    podBy: 'header',
    sport: 20_000 + seq,
    ...more,
  }) as Request;

describe('a table of rows', () => {
  it('keeps what is compared with other recordings, to 0.1 ms', () => {
    const table = new RowTable(['', 'web-1', 'web-2']);
    for (let seq = 0; seq < 10_000; seq++) table.add(epoch, row(seq, { code: seq % 2, reused: seq % 3 === 0 }), 2);
    assert.equal(table.size, 10_000);
    assert.equal(table.start(7000), epoch + 70_000_000);
    assert.equal(table.end(7000), epoch + 70_002_000);
    assert.equal(table.sport(7000), 27_000);
    assert.equal(table.podNames[table.pod(7000)], 'web-2');
    assert.equal(table.has(7000, rowFlags.answered), true);
    assert.equal(table.has(7001, rowFlags.answered), false);
    assert.equal(table.has(6999, rowFlags.reused), true);
    assert.equal(table.has(10_000, rowFlags.there), false);
    for (const none of [Number.NaN, 0.5, -1, 2 ** 33]) assert.equal(table.has(none, rowFlags.there), false);
  });

  it('finds the rows that opened a connection from the same port', () => {
    const table = new RowTable(['']);
    for (const seq of [0, 1, 2, 3]) table.add(epoch, row(seq, { sport: 500, reused: seq === 1 }), 0);
    const chain = [table.openedFrom(500)];
    while ((chain.at(-1) ?? -1) >= 0) chain.push(table.openedFrom(500, chain.at(-1)));
    assert.deepEqual(chain, [0, 2, 3, -1]);
    assert.equal(table.openedFrom(501), -1);
  });

  it('uses no memory for numbers, ports and times that are not a generator’s', () => {
    const table = new RowTable(['']);
    const odd = [row(1e9), row(2 ** 40), row(-1), row(1, { sport: 70_000 }), row(2, { end: epoch + 1e13 })];
    for (const each of [...odd, row(3, { start: epoch - 1e6 })]) table.add(epoch, each, 0);
    assert.equal(table.unkept, 6);
    assert.equal(table.size, 0);
    assert.ok(process.memoryUsage().arrayBuffers < 200e6);
  });
});
