import { at, epoch, stamp } from './clocks.ts';
import type { Files } from './files.ts';
import { seeded } from './random.ts';
import { recordAll, sources } from './record.ts';
import { rowLine } from './request-lines.ts';
import { clusterIp } from './rule-lines.ts';
import { armSettings, syntheticArm } from './run-files.ts';
import { slicesOf } from './world.ts';

/**
 * An arm with any number of requests. Data that grows with the number is generated line by line, and never kept in
 * memory.
 */
export interface LongArm {
  readonly files: Files;
  readonly streams: { readonly [path: string]: Iterable<string> };
}

const perSecond = { fresh: 50, 'kept-alive': 20 } as const;
type Gen = keyof typeof perSecond;
/** A control without a fault. Three pods answer in turn, and one in `oneInErrors` requests gets an error. */
export function longArm(rows: number, oneInErrors: number): LongArm {
  const { world } = syntheticArm('control', armSettings.control);
  const all = perSecond.fresh + perSecond['kept-alive'];
  const first = world.phases.warmup;
  const tail = first + (rows / all) * 1000;
  const end = tail + 2500;
  const stretched = { ...world, end, phases: { ...world.phases, tail, end } };
  const random = seeded(1);
  const slices = slicesOf(stretched);
  const files = recordAll(
    stretched,
    { slices, rules: world.rules ?? [], sent: [] },
    { skewMs: 0, lateMs: 10, readLateMs: 0, random },
  );
  const streams: { [path: string]: Iterable<string> } = {};
  const count = (gen: Gen) => Math.floor((rows * perSecond[gen]) / all);
  const start = (gen: Gen, seq: number) => first + (seq * 1000) / perSecond[gen];
  const ports = 50_000;
  /** An entry of conntrack ends after this many further connections. */
  const entryLasts = 10 * perSecond.fresh;
  /** The number of kept-alive connections: one per pod. */
  const kept = world.pods.length;

  function* requests(gen: Gen): Iterable<string> {
    const [header = ''] = files[`requests-${gen}.ndjson`] ?? [];
    yield header;
    const total = count(gen);
    for (let seq = 0; seq < total; seq++) {
      const due = at(start(gen, seq)) - epoch;
      const failed = seq % oneInErrors === 1;
      const reused = gen === 'kept-alive' && seq >= kept;
      const sport = gen === 'fresh' ? 10_000 + (seq % ports) : 9000 + (seq % kept);
      yield rowLine({
        seq,
        due,
        start: due + 300,
        end: due + 1900,
        code: failed ? 1503 : 0,
        err: '',
        status: failed ? 503 : 200,
        reused,
        attempt: 1,
        sport,
        dst: `${clusterIp}:80`,
        connection: 1 + (gen === 'fresh' ? seq : seq % kept),
        source: sources[gen],
        protocol: 'HTTP/1.1',
        podBy: 'header',
        pod: world.pods[seq % 3]?.name ?? '',
        node: 'worker',
        version: 'v1',
      });
    }
    const end = at(start(gen, total) + 2);
    const httpReqsFailed = Math.ceil((total - 1) / oneInErrors);
    yield JSON.stringify({ footer: true, rows: total, httpReqs: total, httpReqsFailed, droppedIterations: 0, end });
  }

  const tupleOf = (seq: number) =>
    `src=${sources.fresh} dst=${clusterIp} sport=${10_000 + (seq % ports)} dport=80 [UNREPLIED] src=${world.pods[seq % 3]?.ip} dst=${sources.fresh} sport=8080 dport=${10_000 + (seq % ports)}`;

  function* connections(): Iterable<string> {
    yield 'NOTICE: Netlink socket buffer size has been set to 8388608 bytes.';
    for (let seq = 0; seq < kept; seq++) {
      const moment = at(start('kept-alive', seq)) + 400;
      yield `[${stamp(moment)}]\t    [NEW] tcp      6 3 SYN_SENT src=${sources['kept-alive']} dst=${clusterIp} sport=${9000 + seq} dport=80 [UNREPLIED] src=${world.pods[seq]?.ip} dst=${sources['kept-alive']} sport=8080 dport=${9000 + seq}`;
    }
    const total = count('fresh');
    for (let seq = 0; seq < total; seq++) {
      const moment = at(start('fresh', seq)) + 400;
      yield `[${stamp(moment)}]\t    [NEW] tcp      6 3 SYN_SENT ${tupleOf(seq)}`;
      if (seq >= entryLasts) yield `[${stamp(moment)}]\t[DESTROY] tcp      6 ${tupleOf(seq - entryLasts)}`;
    }
    yield `conntrack v1.4.8 (conntrack-tools): ${2 * total - Math.min(total, entryLasts) + kept} flow events have been shown.`;
  }

  function* podLog(index: number): Iterable<string> {
    const name = world.pods[index]?.name ?? '';
    yield* files[`workload/${name}.ndjson`] ?? [];
    for (const gen of ['fresh', 'kept-alive'] as const) {
      for (let seq = index; seq < count(gen); seq += 3) {
        const moment = at(start(gen, seq));
        yield JSON.stringify({ at: moment + 700, type: 'start', pod: name, id: `${gen}-${seq}` });
        yield JSON.stringify({ at: moment + 1500, type: 'end', pod: name, id: `${gen}-${seq}` });
      }
    }
  }

  for (const gen of ['fresh', 'kept-alive'] as const) streams[`requests-${gen}.ndjson`] = requests(gen);
  streams['conntrack.log'] = connections();
  for (const [index, pod] of world.pods.entries()) streams[`workload/${pod.name}.ndjson`] = podLog(index);
  return { files, streams };
}
