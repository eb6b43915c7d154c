import { armFiles, type Files } from './arm-files.ts';
import { seeded } from './random.ts';
import { rowLine } from './request-lines.ts';
import { armSettings, syntheticArm } from './run-files.ts';
import { at, epoch } from './world.ts';

/** An arm of as many requests as are wanted: what grows with them is made line by line, and never held. */
export interface LongArm {
  readonly files: Files;
  readonly streams: { readonly [path: string]: Iterable<string> };
}

const perSecond = { fresh: 50, 'kept-alive': 20 } as const;
type Gen = keyof typeof perSecond;
const clusterIp = '10.96.0.20';
const addresses: { readonly [gen in Gen]: string } = { fresh: '10.244.1.5', 'kept-alive': '10.244.1.6' };
/** A control without a fault, in which three pods answer in turn, one in so many requests with an error. */
export function longArm(rows: number, oneInErrors: number): LongArm {
  const { plan, world } = syntheticArm('control', armSettings.control);
  const all = perSecond.fresh + perSecond['kept-alive'];
  const first = world.phases.warmup;
  const tail = first + (rows / all) * 1000;
  const stretched = { ...world, phases: { ...world.phases, tail, end: tail + 2500 } };
  const files = armFiles(plan, stretched, { requests: [], proxyMode: 'iptables', random: seeded(1) });
  const streams: { [path: string]: Iterable<string> } = {};
  const count = (gen: Gen) => Math.floor((rows * perSecond[gen]) / all);
  const start = (gen: Gen, seq: number) => first + (seq * 1000) / perSecond[gen];
  const ports = 50_000;
  /** An entry is gone so many connections after it was made. */
  const entryLasts = 10 * perSecond.fresh;
  /** Each pod has a connection that is kept alive. */
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
        source: addresses[gen],
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
    `src=${addresses.fresh} dst=${clusterIp} sport=${10_000 + (seq % ports)} dport=80 [UNREPLIED] src=${world.pods[seq % 3]?.ip} dst=${addresses.fresh} sport=8080 dport=${10_000 + (seq % ports)}`;

  function* connections(): Iterable<string> {
    yield 'NOTICE: Netlink socket buffer size has been set to 8388608 bytes.';
    for (let seq = 0; seq < kept; seq++) {
      const moment = at(start('kept-alive', seq)) + 400;
      yield `${stamp(moment)}\t    [NEW] tcp      6 3 SYN_SENT src=${addresses['kept-alive']} dst=${clusterIp} sport=${9000 + seq} dport=80 [UNREPLIED] src=${world.pods[seq]?.ip} dst=${addresses['kept-alive']} sport=8080 dport=${9000 + seq}`;
    }
    const total = count('fresh');
    for (let seq = 0; seq < total; seq++) {
      const moment = at(start('fresh', seq)) + 400;
      yield `${stamp(moment)}\t    [NEW] tcp      6 3 SYN_SENT ${tupleOf(seq)}`;
      if (seq >= entryLasts) yield `${stamp(moment)}\t[DESTROY] tcp      6 ${tupleOf(seq - entryLasts)}`;
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

const stamp = (moment: number): string => `[${Math.floor(moment / 1e6)}.${String(moment % 1e6).padStart(6, '0')}]`;
