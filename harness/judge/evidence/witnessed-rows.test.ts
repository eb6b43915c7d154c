import assert from 'node:assert/strict';
import type { WorkloadEvent } from '../../model/event.ts';
import type { Request } from '../../model/request.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import { answered } from '../../testing/worlds/one-of-each.ts';
import { GeneratorLoad } from './load.ts';
import { LoggedRows } from './logged-rows.ts';
import { OpenedRows } from './opened-rows.ts';

const second = 1e6;
const span = { from: 0, to: 100 * second };
const address = { 'web-1': '10.0.0.1', 'web-2': '10.0.0.2' } as const;
type Pod = keyof typeof address;

/** A row every second, each answered by the first pod on a new connection. */
const load = (gen: string, changes: { readonly [seq: number]: Partial<Request> }, count = 5): GeneratorLoad => {
  const made = new GeneratorLoad({ gen, file: '' }, span);
  for (let seq = 0; seq < count; seq++) {
    const start = (seq + 1) * second;
    const row = { gen, seq, id: `${gen}-${seq}`, start, end: start + 5000, sport: 2000 + seq };
    made.add(answered({ ...row, ...changes[seq] }), 'fault');
  }
  return made;
};

const failed = { code: 1050, status: 0, pod: '', end: 4 * second };

const pause = async () => {};

describe('connections compared with all rows', () => {
  const at = (seconds: number, sport: number, more: Partial<ConntrackEvent> = {}): ConntrackEvent => ({
    at: seconds * second,
    event: 'new',
    src: '10.1.0.1',
    sport,
    dst: '10.96.0.1',
    endpointIp: address['web-1'],
    endpointPort: 8080,
    unreplied: false,
    ...more,
  });
  const all = async (
    loads: readonly GeneratorLoad[],
    events: readonly ConntrackEvent[],
    overruns: readonly number[] = [],
  ) => {
    const opened = await OpenedRows.of(loads, span, pause);
    for (const event of events) opened.see(event);
    await opened.compare({ hadAddress, overruns, pause });
    return opened;
  };
  const hadAddress = (pod: string, ip: string) => address[pod as Pod] === ip;
  const each = [1, 2, 3, 4, 5].map((seconds) => at(seconds + 0.001, 1999 + seconds));
  const found = async (
    loads: readonly GeneratorLoad[],
    events: readonly ConntrackEvent[],
    gen = 'fresh',
    overruns: readonly number[] = [],
  ) => {
    const opened = await all(loads, events, overruns);
    const { expected: _, ...rest } = opened.of(gen) ?? { expected: 0 };
    const texts = Object.values(rest).flatMap((each) => (each ? [each.text] : []));
    return [...texts, ...opened.unclaimed.map(({ text }) => text)];
  };

  it('match the rows', async () => assert.deepEqual(await found([load('fresh', {})], each), []));

  it('lack one of an answered request', async () =>
    assert.deepEqual(await found([load('fresh', {})], each.toSpliced(2, 1)), [
      'fresh-2: answered, but conntrack saw no connection of it',
    ]));

  it('are more than the rows, except if a client gave up and dialed again', async () => {
    const stray = at(4.5, 3333);
    assert.deepEqual(await found([load('fresh', {})], [...each, stray]), [
      'a connection from 10.1.0.1:3333 that no request opened',
    ]);
    const givenUp = load('fresh', { 1: failed });
    assert.deepEqual(await found([givenUp], [...each, at(4.5, 3333)]), []);
    assert.deepEqual(await found([givenUp], [...each, at(60, 3333)]), [
      'a connection from 10.1.0.1:3333 that no request opened',
    ]);
  });

  it('include those of attempts that a client gave up, which have a row', async () => {
    const earlier = [{ start: 2 * second, end: 2 * second + 2000, reused: false, sport: 3333, dst: '', code: 1220 }];
    const again = load('fresh', { 1: { attempt: 2, earlier: earlier as unknown as Request[] } });
    assert.deepEqual(await found([again], [...each, at(2.001, 3333)]), []);
    assert.deepEqual(await found([again], [...each, at(90, 3333)]), [
      'a connection from 10.1.0.1:3333 that no request opened',
    ]);
  });

  it('are created again by a retransmitted packet, but not sooner than that', async () => {
    const slow = load('fresh', { 1: { end: 2 * second + 1_900_000 } });
    assert.deepEqual(await found([slow], [...each, at(3.1, 2001)]), []);
    assert.deepEqual(await found([slow], [...each.slice(0, 2), at(2.3, 2001), ...each.slice(2)]), [
      'a request had several connections from 10.1.0.1:2001',
    ]);
    const timedOut = load('fresh', { 1: failed });
    assert.deepEqual(await found([timedOut], [...each, at(19, 2001)]), []);
  });

  it('of two generators may come from one address', async () => {
    const kept = load('kept', Object.fromEntries([0, 1, 2, 3, 4].map((seq) => [seq, { sport: 7000 + seq }])));
    const both = [...each, ...each.map((event) => ({ ...event, sport: event.sport + 5000 }))];
    assert.deepEqual(await found([load('fresh', {}), kept], both), []);
    assert.deepEqual(await found([load('fresh', {}), kept], both, 'kept'), []);
  });

  it('of other clients do not matter', async () =>
    assert.deepEqual(await found([load('fresh', {})], [...each, at(3, 9999, { src: '10.1.0.9' })]), []));

  it('lead to the pod that answered, even if they are reused', async () => {
    const kept = load('fresh', { 1: { reused: true, sport: 2000, pod: 'web-2' } });
    assert.deepEqual(await found([kept], each.toSpliced(1, 1)), [
      'fresh-1: answered by web-2, but its connection led to 10.0.0.1',
    ]);
  });

  it('may lead to another pod after a retransmission whose event was lost', async () => {
    const end = 2 * second + 1_900_000;
    const dialsOn = load('fresh', {
      1: { ...failed, end },
      3: { reused: true, sport: 2001, pod: 'web-2' },
    });
    const events = each.toSpliced(3, 1);
    const misled = 'fresh-3: answered by web-2, but its connection led to 10.0.0.1';
    assert.deepEqual(await found([dialsOn], events), [misled]);
    assert.deepEqual(await found([dialsOn], events, 'fresh', [3.2 * second]), []);
    assert.deepEqual(await found([dialsOn], events, 'fresh', [1.5 * second, 4.5 * second]), [misled]);
    // An answered request had its endpoint already.
    const answeredAtOnce = load('fresh', { 3: { reused: true, sport: 2001, pod: 'web-2' } });
    assert.deepEqual(await found([answeredAtOnce], events, 'fresh', [3.2 * second]), [misled]);
  });

  it('were opened before they are reused', async () =>
    assert.deepEqual(await found([load('fresh', { 1: { reused: true, sport: 4444 } })], each.toSpliced(1, 1)), [
      'fresh-1: on a connection that no request opened',
    ]));

  it('of answered requests are not refused, and go to the destination', async () => {
    assert.deepEqual(await found([load('fresh', {})], [...each, at(5.002, 2004, { event: 'destroy' })]), [
      'fresh-4: answered, but conntrack saw its connection refused',
    ]);
    assert.deepEqual(await found([load('fresh', {})], [...each, at(40, 2004, { event: 'destroy' })]), []);
    const elsewhere = each.with(3, at(4.001, 2003, { dst: '10.96.7.7' }));
    assert.deepEqual(await found([load('fresh', {})], elsewhere), [
      'fresh-3: sent to 10.96.0.1, but conntrack saw it go to 10.96.7.7',
    ]);
  });
});

describe('logs of pods compared with all rows', () => {
  const line = (at: number, type: WorkloadEvent['type'], id?: string, pod = 'web-1'): WorkloadEvent => ({
    at: at * second,
    type,
    pod,
    ...(id !== undefined && { id }),
  });
  const begun = [line(0.1, 'boot'), line(0.5, 'listen')];
  const each = [0, 1, 2, 3, 4].flatMap((seq) => [
    line(seq + 1.001, 'start', `fresh-${seq}`),
    line(seq + 1.004, 'end', `fresh-${seq}`),
  ]);
  const found = async (events: readonly WorkloadEvent[], changes: Parameters<typeof load>[1] = {}) => {
    const logged = new LoggedRows([load('fresh', changes)], span);
    for (const event of events) logged.see(event);
    await logged.findMissing(pause);
    const pods = logged.pods().flatMap(({ missing, tooEarly, tooLate }) => [missing, tooEarly, tooLate]);
    return [logged.rowless, logged.loggedTwice, ...pods.map((all) => all.found())].flatMap((one) => one?.text ?? []);
  };

  it('contain what the pods answered', async () => assert.deepEqual(await found([...begun, ...each]), []));

  it('contain start and end, in the log of the pod that answered', async () => {
    const words = ['fresh-2: answered, but not in the log of web-1'];
    assert.deepEqual(await found([...begun, ...each.toSpliced(4, 1)]), words);
    assert.deepEqual(await found([...begun, ...each.toSpliced(5, 1)]), words);
    assert.deepEqual(await found([...begun, ...each], { 2: { pod: 'web-2' } }), [
      'fresh-2: answered by web-2, but web-1 logged it too',
      'fresh-2: answered, but not in the log of web-2',
    ]);
    assert.deepEqual(await found([...begun, ...each, ...each.slice(4, 6)]), [
      'fresh-2: answered by web-1, but web-1 logged it too',
    ]);
  });

  it('may lack the last answer of a killed process, but no other', async () => {
    const last = { 4: { start: 4.2 * second, end: 4.3 * second } };
    assert.deepEqual(await found([...begun, ...each.slice(0, 8)], last), []);
    assert.deepEqual(await found([...begun, ...each.slice(0, 8), line(4.1, 'exit')], last), [
      'fresh-4: answered, but not in the log of web-1',
    ]);
    assert.deepEqual(await found([...begun, ...each.slice(0, 4)]), ['fresh-2: answered, but not in the log of web-1']);
  });

  it('contain no request without a row, except those of other clients', async () => {
    assert.deepEqual(await found([...begun, ...each, line(7, 'start', 'fresh-77')]), [
      'web-1 logged fresh-77, but no row has that number',
    ]);
    assert.deepEqual(await found([...begun, ...each, line(7, 'start', 'other-77'), line(7, 'start', '')]), []);
  });

  it('contain a retried request in two pods', async () => {
    const more = [line(3.0005, 'boot', undefined, 'web-2'), line(3.0006, 'listen', undefined, 'web-2')];
    const other = [...more, line(3.0007, 'start', 'fresh-2', 'web-2')];
    assert.deepEqual(await found([...begun, ...each, ...other], { 2: { attempt: 2 } }), []);
  });

  it('contain no request before the pod listened or after it ended', async () => {
    assert.deepEqual(await found([line(0.1, 'boot'), line(1.002, 'listen'), ...each]), [
      'web-1: logged fresh-0 before it listened',
    ]);
    assert.deepEqual(await found([...begun, ...each.slice(0, 8), line(4.9, 'close'), ...each.slice(8)]), [
      'web-1: took fresh-4 on a new connection after it had closed its listener',
    ]);
    assert.deepEqual(await found([...begun, ...each.slice(0, 8), line(4.96, 'close'), ...each.slice(8)]), []);
    assert.deepEqual(await found([...begun, ...each.slice(0, 8), line(4.98, 'exit'), ...each.slice(8)]), [
      'web-1: logged fresh-4 after it exited',
    ]);
    assert.deepEqual(await found([...begun, ...each.slice(0, 4), line(3, 'boot'), ...each.slice(4)]), [
      'web-1: logged fresh-2 before it listened',
    ]);
    const kept = { 4: { reused: true } };
    assert.deepEqual(await found([...begun, ...each.slice(0, 8), line(4.5, 'close'), ...each.slice(8)], kept), []);
  });
});
